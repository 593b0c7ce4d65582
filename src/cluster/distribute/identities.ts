// A bearer token in; which pod speaks out. Asked of whoever authenticates once a minute for each token, whose text is not kept.
import { hash } from 'node:crypto';

export type Identity =
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string; readonly podUid: string }
  /** 401: not a token of ours; 403: of a pod that is not there (any more), or not ours. */
  | { readonly kind: 'refused'; readonly status: 401 | 403 };

/** Rejects when nobody can say. */
export type Authenticate = (token: string) => Promise<Identity>;

export interface IdentityOptions {
  readonly authenticate: Authenticate;
  readonly now?: () => number;
}

const KEPT_MS = 60_000;
const MOST_KEPT = 10_000;
/** Whoever has no token of ours must not be able to keep the API server busy. */
const MOST_ASKED = 64;

interface Kept {
  readonly identity: Identity;
  readonly endMs: number;
}

export class Identities {
  readonly #authenticate: Authenticate;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #asked = new Map<string, Promise<Identity>>();

  constructor({ authenticate, now = () => performance.now() }: IdentityOptions) {
    this.#authenticate = authenticate;
    this.#now = now;
  }

  /** Null when nobody can say now. */
  async of(token: string): Promise<Identity | null> {
    const key = hash('sha256', token);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.endMs > this.#now()) return kept.identity;
    try {
      return await (this.#asked.get(key) ?? this.#ask(key, token));
    } catch {
      return null;
    }
  }

  async #ask(key: string, token: string): Promise<Identity> {
    if (this.#asked.size >= MOST_ASKED) throw new Error('too many are asked about');
    const asking = this.#authenticate(token);
    this.#asked.set(key, asking);
    try {
      const identity = await asking;
      this.#keep(key, identity);
      return identity;
    } finally {
      this.#asked.delete(key);
    }
  }

  #keep(key: string, identity: Identity): void {
    this.#kept.delete(key);
    this.#kept.set(key, { identity, endMs: this.#now() + KEPT_MS });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
