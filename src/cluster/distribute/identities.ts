// A bearer token in; which pod speaks out. Asked of whoever authenticates once a minute for each token, whose text is not kept.
import { hash } from 'node:crypto';
import { Remembered } from './remembered-answers.ts';

export type Identity =
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string; readonly podUid: string }
  | Refused;

/** 401: not a token of ours; 403: of a pod that is not there (any more, or yet), or not ours. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: 401 | 403;
}

/** Rejects when nobody can say. */
export type Authenticate = (token: string) => Promise<Identity>;

/** Before anybody is asked: of whom it says that it is, by its own word, or that it need not be asked about. */
export type Look = (token: string) => { readonly kind: 'ask'; readonly by: string } | Refused;

export interface IdentityOptions {
  readonly authenticate: Authenticate;
  readonly look?: Look;
  readonly now?: () => number;
}

const POD = { keptMs: 60_000, most: 10_000 };
/** Apart from pods, whom junk must not push out. A pod may be there a moment later. */
const REFUSED = { keptMs: { 401: 30_000, 403: 3_000 }, most: 1_000 };
/** Whoever has no token of ours must not be able to keep the API server busy, nor those who have one from being asked about. */
const MOST_ASKED = 64;
const MOST_ASKED_BY_ONE = 2;

export class Identities {
  readonly #authenticate: Authenticate;
  readonly #look: Look;
  readonly #pods: Remembered<Identity>;
  readonly #refused: Remembered<Identity>;
  readonly #asked = new Map<string, Promise<Identity>>();
  readonly #askedBy = new Map<string, number>();

  constructor({ authenticate, look, now = () => performance.now() }: IdentityOptions) {
    this.#authenticate = authenticate;
    this.#look = look ?? ((token) => ({ kind: 'ask', by: token }));
    this.#pods = new Remembered({ most: POD.most, now });
    this.#refused = new Remembered({ most: REFUSED.most, now });
  }

  /** Null when nobody can say now. */
  async of(token: string): Promise<Identity | null> {
    const key = hash('sha256', token);
    const kept = this.#pods.get(key) ?? this.#refused.get(key);
    if (kept !== undefined) return kept;
    const seen = this.#look(token);
    if (seen.kind === 'refused') return seen;
    try {
      return await (this.#asked.get(key) ?? this.#ask(key, token, seen.by));
    } catch {
      return null;
    }
  }

  async #ask(key: string, token: string, by: string): Promise<Identity> {
    const ofOne = this.#askedBy.get(by) ?? 0;
    if (this.#asked.size >= MOST_ASKED || ofOne >= MOST_ASKED_BY_ONE)
      throw new Error('too many are asked about');
    const asking = this.#authenticate(token);
    this.#asked.set(key, asking);
    this.#askedBy.set(by, ofOne + 1);
    try {
      const identity = await asking;
      this.#keep(key, identity);
      return identity;
    } finally {
      this.#asked.delete(key);
      this.#end(by);
    }
  }

  #end(by: string): void {
    const left = (this.#askedBy.get(by) ?? 1) - 1;
    if (left === 0) this.#askedBy.delete(by);
    else this.#askedBy.set(by, left);
  }

  #keep(key: string, identity: Identity): void {
    if (identity.kind === 'pod') this.#pods.set(key, identity, POD.keptMs);
    else this.#refused.set(key, identity, REFUSED.keptMs[identity.status]);
  }
}
