// Where policies come from in; stores that are kept at their newest good content, and how things stand with the controller, out.
import { mkdir } from 'node:fs/promises';
import { VERSION, type Config, type ControllerLink } from '../config/index.ts';
import { Courier, plantSeed } from '../courier/index.ts';
import type { Log } from '../gate/record/index.ts';
import {
  createTrust,
  openDirectorySource,
  spawnCompiler,
  takeTurns,
  type PolicyStore,
} from '../policy/index.ts';
import type { Trials } from './trials.ts';

export interface Stores {
  readonly policies: PolicyStore;
  readonly candidates: PolicyStore;
  /** How the candidate differs. */
  readonly trials: Pick<Trials, 'sides'>;
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
  const courier = link === null ? null : stack.use(await sendCourier({ link, directory }, stores, log));
  return {
    status: () => courier?.status() ?? null,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function sendCourier(
  { link, directory }: { readonly link: ControllerLink; readonly directory: string },
  { policies, candidates, trials }: Stores,
  log: Log,
): Promise<Courier> {
  const { candidateDirectory } = link;
  if (candidateDirectory !== null) await mkdir(candidateDirectory, { recursive: true });
  const candidate =
    candidateDirectory === null
      ? null
      : { directory: candidateDirectory, store: candidates, sides: () => trials.sides() };
  return new Courier({ link, directory, store: policies, candidate, version: VERSION, log });
}

/** A candidate is in force nowhere. */
const logOfCandidate = (log: Log): Pick<Log, 'info' | 'warn'> => ({
  info: (_message, fields) => log.info('a candidate is compared', fields),
  warn: (message, fields) => log.warn(`candidate: ${message}`, fields),
});
