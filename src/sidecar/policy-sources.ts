// Where policies come from in; stores that are kept at their newest good content, and how things stand with the controller, out.
import { VERSION, type Config } from '../config/index.ts';
import { Courier, plantSeed } from '../courier/index.ts';
import type { Log } from '../gate/record/index.ts';
import {
  createTrust,
  openDirectorySource,
  spawnCompiler,
  takeTurns,
  type PolicyStore,
} from '../policy/index.ts';

export interface Stores {
  readonly policies: PolicyStore;
  readonly candidates: PolicyStore;
}

export interface Sources extends AsyncDisposable {
  /** Null where no controller has the policies. */
  status(this: void): ReturnType<Courier['status']> | null;
}

/** The program's own main file: compiling is another command of it. */
const MAIN = process.argv[1] ?? '';

/** @throws Error when a directory cannot be made. */
export async function openPolicySources({ policy }: Config, stores: Stores, log: Log): Promise<Sources> {
  const { controller: link, directory, signature } = policy;
  const stack = new AsyncDisposableStack();
  if (link !== null) await plantSeed(directory, link.seedDirectory);
  const compile = takeTurns(spawnCompiler(MAIN));
  const trust = signature === null ? null : createTrust(signature);
  stack.use(openDirectorySource({ ...policy, store: stores.policies, trust, compile, log }));
  if (policy.candidate !== null) {
    const station = { ...policy, ...policy.candidate, compile, log: logOfCandidate(log) };
    // Signed as well, for it runs here; but it may be older, for it is never obeyed.
    const signed = trust === null ? null : { ...trust, mark: null };
    stack.use(openDirectorySource({ ...station, store: stores.candidates, trust: signed }));
  }
  const courier =
    link === null
      ? null
      : stack.use(new Courier({ link, directory, store: stores.policies, version: VERSION, log }));
  return {
    status: () => courier?.status() ?? null,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A candidate is in force nowhere. */
const logOfCandidate = (log: Log): Pick<Log, 'info' | 'warn'> => ({
  info: (_message, fields) => log.info('a candidate is compared', fields),
  warn: (message, fields) => log.warn(`candidate: ${message}`, fields),
});
