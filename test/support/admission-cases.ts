// The golden pods of test/golden/admit, each with its namespace and its settings.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applyOperations, type Json, type Namespace } from '../../src/cluster/admit/index.ts';
import { admit, countedUids, NAMESPACE, type Asked } from './admission.ts';
import { listGoldens, readGolden } from './golden.ts';

const FOLDER = join(import.meta.dirname, '../golden/admit');

export type Case = Required<Asked> & { readonly pod: Json };

export function caseOf(name: string): Case {
  const read = (file: string): unknown => JSON.parse(readGolden(`admit/${name}/${file}`).toString());
  const optional = (file: string, none: unknown): unknown =>
    existsSync(join(FOLDER, name, file)) ? read(file) : none;
  return {
    pod: read('pod.json') as Json,
    namespace: optional('namespace.json', NAMESPACE) as Namespace,
    settings: optional('settings.json', {}) as object,
    uids: countedUids(),
  };
}

export const CASES: readonly string[] = listGoldens('admit');

/** Those that get a sidecar. */
export const INJECTED: readonly string[] = CASES.filter((name) => admit(caseOf(name)).kind === 'patch');

export function inject(asked: Case): Json {
  const verdict = admit(asked);
  return applyOperations(asked.pod, verdict.kind === 'patch' ? verdict.operations : []);
}
