// Requests that wait for their namespace to be given another bundle in; each is told once why its waiting ended. Nothing polls.
import type { ServerResponse } from 'node:http';

export type Ending = 'woken' | 'elapsed' | 'gone' | 'full';

interface Waiting {
  readonly namespace: string;
  readonly podUid: string;
  readonly ms: number;
}

type End = (ending: Ending) => void;

/** With 70 KiB for each connection that is 280 MiB: more than these need another replica. */
const MOST_WAITERS = 4_000;

export class Waiters {
  readonly #byNamespace = new Map<string, Set<End>>();
  /** A pod waits once: what it asked before is over when it asks again. */
  readonly #byPod = new Map<string, End>();

  get count(): number {
    return this.#byPod.size;
  }

  wait({ namespace, podUid, ms }: Waiting, response: ServerResponse): Promise<Ending> {
    this.#byPod.get(podUid)?.('elapsed');
    if (response.destroyed) return Promise.resolve('gone');
    if (this.#byPod.size >= MOST_WAITERS) return Promise.resolve('full');
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const onClose = (): void => end('gone');
    const timer = setTimeout(() => end('elapsed'), ms);
    const group = this.#byNamespace.get(namespace) ?? new Set();
    const end: End = (ending) => {
      clearTimeout(timer);
      response.off('close', onClose);
      group.delete(end);
      if (group.size === 0) this.#byNamespace.delete(namespace);
      this.#byPod.delete(podUid);
      resolve(ending);
    };
    response.once('close', onClose);
    this.#byNamespace.set(namespace, group.add(end));
    this.#byPod.set(podUid, end);
    return promise;
  }

  wake(namespace: string): void {
    for (const end of this.#byNamespace.get(namespace) ?? []) end('woken');
  }

  close(): void {
    for (const end of this.#byPod.values()) end('elapsed');
  }
}
