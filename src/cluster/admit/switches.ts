// Labels and annotations that switch something on or off in; what they say, or what is wrong with them, out.
import { quote } from './quote.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { PREFIX } from './names.ts';
import type { Namespace, Pod, Texts } from './pod.ts';

const MEANINGS: Readonly<Record<string, boolean>> = {
  enabled: true,
  true: true,
  disabled: false,
  false: false,
};

export interface Switches {
  readonly podLabel: boolean | null;
  readonly podAnnotation: boolean | null;
  readonly namespaceLabel: boolean | null;
  readonly isRequired: boolean;
  readonly allowsExclusions: boolean;
}

export function readSwitches(pod: Pod, namespace: Namespace): Result<Switches, string> {
  const found = {
    podLabel: read(pod.labels, 'inject', 'label of the pod'),
    podAnnotation: read(pod.annotations, 'inject', 'annotation of the pod'),
    namespaceLabel: read(namespace.labels, 'inject', 'label of the namespace'),
    isRequired: read(namespace.labels, 'require', 'label of the namespace'),
    allowsExclusions: read(namespace.labels, 'allow-exclusions', 'label of the namespace'),
  };
  const problem = Object.values(found).find((each) => !each.ok);
  if (problem !== undefined && !problem.ok) return problem;
  const valueOf = (each: Result<boolean | null, string>): boolean | null => (each.ok ? each.value : null);
  return ok({
    podLabel: valueOf(found.podLabel),
    podAnnotation: valueOf(found.podAnnotation),
    namespaceLabel: valueOf(found.namespaceLabel),
    isRequired: valueOf(found.isRequired) === true,
    allowsExclusions: valueOf(found.allowsExclusions) === true,
  });
}

function read(texts: Texts, name: string, place: string): Result<boolean | null, string> {
  const key = `${PREFIX}${name}`;
  const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
  if (text === undefined) return ok(null);
  const meaning = Object.hasOwn(MEANINGS, text) ? MEANINGS[text] : undefined;
  if (meaning !== undefined) return ok(meaning);
  return err(`the ${place} ${key} is ${quote(text)}, and is to be enabled, disabled, true or false`);
}
