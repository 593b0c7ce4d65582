// Connections that were meant for somebody else, as they are received, in; how many went which way, and why, out.
import type { InterceptionMode } from '../../exchange/index.ts';

/** Every value is one of few; the host is not among them. */
export interface ConnectionNote {
  readonly mode: InterceptionMode;
  readonly way: string;
  /** Of those that are refused. */
  readonly why: string | null;
}

export class ConnectionCounts {
  /** Null where the kernel redirects nothing. */
  isRedirected: boolean | null = null;
  readonly #counts = new Map<string, ConnectionNote & { count: number }>();

  note({ mode, way, why }: ConnectionNote): void {
    const key = `${mode} ${way} ${why ?? ''}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { mode, way, why, count: 1 });
    else known.count += 1;
  }

  list(): ReadonlyArray<ConnectionNote & { readonly count: number }> {
    return [...this.#counts.values()];
  }
}
