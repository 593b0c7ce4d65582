// A bundle in; snapshots of it with the settings and modes of a case out. Settings are data, so one module serves all.
import { buildData } from '../../policy/compiler/index.ts';
import { openSnapshot, type Bundle, type PolicyIssue, type Snapshot } from '../../policy/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { suggestNearest } from '../../lib/nearest.ts';
import type { Case } from './case.ts';

export type Settings = Pick<Case, 'config' | 'modes' | 'namespace'>;

export interface Opened {
  readonly snapshot: Snapshot;
  /** What its policies see as data. */
  readonly data: object;
}

export type Open = (settings: Settings) => Promise<Result<Opened, readonly PolicyIssue[]>>;

/** Equal settings share a snapshot; those with the same patterns, an inspector. */
export function createOpener(bundle: Bundle): Open {
  const opened = new Map<string, Awaited<ReturnType<Open>>>();
  let current: Snapshot | null = null;
  return async ({ config, modes, namespace }) => {
    const key = JSON.stringify([config, modes, namespace]);
    const known = opened.get(key) ?? (await open(bundle, { config, modes, namespace }, current));
    opened.set(key, known);
    if (known.ok) current = known.value.snapshot;
    return known;
  };
}

async function open(
  bundle: Bundle,
  { config, modes, namespace }: Settings,
  current: Snapshot | null,
): ReturnType<Open> {
  const unknown = Object.keys(modes).find((id) => bundle.policies.every((policy) => policy.id !== id));
  if (unknown !== undefined) return err([explainUnknown(unknown, bundle)]);
  const base = { name: 'data.json', file: '', text: JSON.stringify(bundle.data) };
  const changes = { name: 'config.json', file: '', text: JSON.stringify(config) };
  const data = buildData([base], [changes]);
  if (!data.ok) return data;
  const snapshot = await openSnapshot({ ...bundle, data: data.value }, { modes, namespace, current });
  return snapshot.ok ? ok({ snapshot: snapshot.value, data: data.value }) : snapshot;
}

function explainUnknown(id: string, { policies }: Bundle): PolicyIssue {
  const nearest = suggestNearest(
    id,
    policies.map((policy) => policy.id),
  );
  return { file: '', row: 0, col: 0, code: 'case.mode', message: `There is no policy ${id}${nearest}` };
}
