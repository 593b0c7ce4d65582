// What each namespace is given in; who waits for another bundle is told, out.
import type { Built } from './build-set.ts';

export interface Offer extends Built {
  /** `pinned` where the Namespace asks for one of its history. */
  readonly channel: 'newest' | 'pinned';
}

/** `null`: it is not compiled yet. */
type Offered = Offer | null;

export class Offers {
  readonly #offers = new Map<string, Offered>();
  readonly #listeners = new Set<(namespace: string) => void>();

  /** Undefined for a namespace that has no policies. */
  of(namespace: string): Offered | undefined {
    return this.#offers.get(namespace);
  }

  put(namespace: string, offer: Offered): void {
    const before = this.#offers.get(namespace);
    this.#offers.set(namespace, offer);
    if (before === undefined || before?.digest !== offer?.digest) this.#tell(namespace);
  }

  forget(namespace: string): void {
    if (this.#offers.delete(namespace)) this.#tell(namespace);
  }

  /** Told when a namespace is given another bundle, not when the same one again. It must not throw. */
  subscribe(listener: (namespace: string) => void): () => void {
    const own = (namespace: string): void => listener(namespace);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #tell(namespace: string): void {
    for (const listener of this.#listeners) listener(namespace);
  }
}
