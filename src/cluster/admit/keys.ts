// Labels and annotations in; the first of ours that nobody knows, or that stands in the wrong place, out.
import { suggestNearest } from '../../lib/nearest.ts';
import { isOurs, PREFIX } from './names.ts';
import type { Namespace, Pod, Texts } from './pod.ts';

/** Annotations of pods; those of a namespace are inherited by its pods. */
export const SETTINGS = [
  'interception',
  'include-outbound-ports',
  'exclude-outbound-ports',
  'exclude-outbound-cidrs',
  'proxy-cpu-request',
  'proxy-cpu-limit',
  'proxy-memory-request',
  'proxy-memory-limit',
  'proxy-image',
  'skip-containers',
  'credentials-secret',
] as const;

export type Setting = (typeof SETTINGS)[number];

const KNOWN = {
  'a label of pods': ['inject', 'injected', 'proxy-version'],
  'an annotation of pods': ['inject', 'status', ...SETTINGS],
  'a label of namespaces': ['inject', 'require', 'allow-exclusions'],
  // The last ones are read elsewhere.
  'an annotation of namespaces': [
    ...SETTINGS,
    'pin',
    'policy-channel',
    'candidate-percent',
    'candidate-limit-percent',
    'candidate-approved',
  ],
} as const satisfies Record<string, readonly string[]>;

type Place = keyof typeof KNOWN;

export function findUnknownKey(pod: Pod, namespace: Namespace): string | null {
  return (
    problemIn(pod.labels, 'a label of pods') ??
    problemIn(pod.annotations, 'an annotation of pods') ??
    problemIn(namespace.labels, 'a label of namespaces') ??
    problemIn(namespace.annotations, 'an annotation of namespaces')
  );
}

function problemIn(texts: Texts, place: Place): string | null {
  const known: readonly string[] = KNOWN[place].map((name) => `${PREFIX}${name}`);
  const unknown = Object.keys(texts).find((key) => isOurs(key) && !known.includes(key));
  if (unknown === undefined) return null;
  const elsewhere = placesOf(unknown);
  if (elsewhere.length > 0) return `${unknown} is not ${place} but ${elsewhere.join(' or ')}`;
  return `${unknown} is not ${place}${suggestNearest(unknown, known)}`;
}

const placesOf = (key: string): readonly string[] =>
  Object.entries(KNOWN)
    .filter(([, names]) => names.some((name) => `${PREFIX}${name}` === key))
    .map(([place]) => place);
