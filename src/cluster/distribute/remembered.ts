// What the controller told of a namespace in; the book that it was told from, as far as it was told, out: for who leads from now on.
import type { Acknowledgement } from './acknowledgement.ts';
import type { ToldStatus } from './read-status.ts';
import type { Book } from './standing.ts';

type ToldPod = ToldStatus['byPod'][number];

export const rememberBook = (namespace: string, { byPod }: ToldStatus): Book =>
  new Map(
    byPod
      .filter(({ state, digest }) => digest !== null || state === 'degraded')
      .map((told) => [told.uid, remember(namespace, told)]),
  );

const remember = (namespace: string, { pod, uid, state, digest, at, issues }: ToldPod): Acknowledgement => ({
  namespace,
  pod,
  podUid: uid,
  digest,
  state: digest === null ? 'empty' : state === 'degraded' ? 'degraded' : 'ok',
  loadedAt: at,
  issues,
  version: 'unknown',
  candidate: null,
  // It was heard after that, and before the pod had anything newer to say.
  atMs: at === null ? 0 : Date.parse(at),
});
