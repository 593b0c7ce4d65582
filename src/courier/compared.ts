// What the controller wants compared in; the same on disk, where it is watched, or nothing there, out.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../lib/write-whole.ts';
import type { PolicyStore } from '../policy/index.ts';
import type { ComparedCandidate } from './acknowledgement.ts';
import type { Answer } from './ask-controller.ts';
import { BUNDLE } from './seed.ts';

export interface ComparedOptions {
  /** It is there. */
  readonly directory: string;
  readonly store: PolicyStore;
  /** How the candidate differs, since it came. */
  sides(): Readonly<Record<string, number>>;
}

const NONE = 'none';

export class Compared {
  readonly #options: ComparedOptions;
  #fetched: string | null = null;

  constructor(options: ComparedOptions) {
    this.#options = options;
  }

  /** A digest, or `none`. */
  get known(): string {
    return this.#fetched ?? this.#options.store.status().digest ?? NONE;
  }

  describe(): ComparedCandidate | null {
    const { digest, state } = this.#options.store.status();
    return digest === null ? null : { digest, state, sides: this.#options.sides() };
  }

  /** `wanted` is what the controller said last; `fetch` asks for it. @throws Error when there is no good answer. */
  async bring(wanted: string | null, fetch: () => Promise<Answer>): Promise<void> {
    if (wanted === null || wanted === this.known) return;
    const file = join(this.#options.directory, BUNDLE);
    if (wanted === NONE) await rm(file, { force: true });
    else {
      const { status, etag, body } = await fetch();
      // It went while it was asked for: the next answer says what came in its place.
      if (status === 404) return;
      if (status !== 200 || etag === '')
        throw new Error(`the controller answered ${String(status)} to the question for a candidate`);
      await writeWhole(file, body);
      wanted = etag;
    }
    this.#fetched = wanted;
  }
}
