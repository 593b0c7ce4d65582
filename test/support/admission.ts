// What admits pods in tests: settings as they are written, uids that are known.
import {
  admitPod,
  type Json,
  type Namespace,
  type ReviewUids,
  type Uids,
  type Verdict,
} from '../../src/cluster/admit/index.ts';
import { formatIssue, parseControllerConfig, type InjectionSettings } from '../../src/config/index.ts';

export const UID = 123_456;

/** Each draws the next one, and knows all of them. */
export function countedUids(): ReviewUids {
  let next = UID;
  const uids: Uids = {
    draw: (first, last) => Math.min(Math.max(first, next++), last),
    isOurs: () => true,
  };
  return { ...uids, passing: uids };
}

const read = new Map<string, InjectionSettings>();

/** Read once: properties ask for the same ones again and again. */
export function settingsFrom(document: object): InjectionSettings {
  const text = JSON.stringify(document);
  const known = read.get(text) ?? parseSettings(text);
  read.set(text, known);
  return known;
}

function parseSettings(text: string): InjectionSettings {
  const parsed = parseControllerConfig({ file: 'settings', text, env: {} });
  if (!parsed.ok) throw new Error(parsed.error.map(formatIssue).join('\n'));
  return parsed.value.injection;
}

export const NAMESPACE: Namespace = {
  name: 'shop',
  labels: { 'postern.dev/inject': 'enabled' },
  annotations: {},
};

export interface Asked {
  readonly pod: unknown;
  readonly namespace?: Namespace;
  readonly settings?: object;
  readonly uids?: Uids;
}

export const admit = ({ pod, namespace = NAMESPACE, settings = {}, uids = countedUids() }: Asked): Verdict =>
  admitPod({ pod, namespace, settings: settingsFrom(settings), uids });

export type Patch = Extract<Verdict, { kind: 'patch' }>;

export function patched(asked: Asked): Patch {
  const verdict = admit(asked);
  if (verdict.kind === 'patch') return verdict;
  throw new Error(JSON.stringify(verdict));
}

export function deniedFor(asked: Asked): string {
  const verdict = admit(asked);
  return verdict.kind === 'deny' ? verdict.message : `it was not denied: ${verdict.kind}`;
}

interface Made extends Json {
  readonly name: string;
  readonly image: string;
}

export const podOf = (spec: object = {}, metadata: object = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'chat', ...metadata },
  spec: { containers: [{ name: 'chat', image: 'chat:1' } satisfies Made], ...spec },
});
