// A controller in; its newest bundle on disk, where it is watched, and what became of it told back, for as long as this runs.
import { join } from 'node:path';
import type { ControllerLink } from '../config/index.ts';
import { writeWhole } from '../lib/write-whole.ts';
import type { PolicyStore } from '../policy/index.ts';
import { askController, CANDIDATE, type Answer, type Question } from './ask-controller.ts';
import { Compared, type ComparedOptions } from './compared.ts';
import { Herald } from './herald.ts';
import { pauseAfter, repeat } from './repeat.ts';
import { BUNDLE } from './seed.ts';

export interface CourierOptions {
  readonly link: ControllerLink;
  /** Where bundles are put; it is there. */
  readonly directory: string;
  readonly store: PolicyStore;
  /** Null where nothing that the controller has is compared. */
  readonly candidate: ComparedOptions | null;
  readonly version: string;
  readonly log: {
    info(message: string, fields: { readonly digest: string }): void;
    warn(message: string, fields: { readonly detail: string }): void;
  };
}

/** How things stand with the controller; the policies in force do not depend on it. */
interface SourceStatus {
  readonly url: string;
  /** `none`: it has no policies for this namespace. `away`: it cannot be reached, or does not know us. */
  readonly state: 'waiting' | 'ok' | 'none' | 'away';
  readonly lastContactAtMs: number | null;
  readonly detail: string | null;
}

const WAIT_S = 55;
/** The wait, and time for a bundle to come over. */
const ASK_MS = 90_000;
/** Where there is nothing, one asks again after as long as after so many failures. */
const NONE_YET = 4;

export class Courier implements AsyncDisposable {
  readonly #options: CourierOptions;
  readonly #closing = new AbortController();
  readonly #compared: Compared | null;
  readonly #herald: Herald;
  readonly #running: Promise<unknown>;
  readonly #ends: ReadonlyArray<() => void>;
  #fetched: string | null = null;
  #source: SourceStatus;

  constructor(options: CourierOptions) {
    const { store, candidate, version, link } = options;
    const { signal } = this.#closing;
    this.#options = options;
    this.#source = { url: link.url.href, state: 'waiting', lastContactAtMs: null, detail: null };
    this.#compared = candidate === null ? null : new Compared(candidate);
    this.#herald = new Herald({
      store,
      compared: this.#compared,
      version,
      ask: (question) => this.#ask(question),
    });
    const stores = [store, ...(candidate === null ? [] : [candidate.store])];
    this.#ends = stores.map((each) => each.subscribe(() => this.#herald.ring()));
    this.#running = Promise.all([
      repeat(() => this.#fetch(), { signal, onFailure: (detail) => this.#note({ state: 'away', detail }) }),
      repeat(() => this.#herald.tell(signal), { signal, onFailure: () => undefined }),
    ]);
  }

  status(): SourceStatus {
    return this.#source;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) end();
    this.#closing.abort();
    this.#herald.ring();
    await this.#running;
  }

  /** What was fetched is not asked for again, whether it could be loaded or not. */
  async #fetch(): Promise<void> {
    const known = this.#fetched ?? this.#options.store.status().digest;
    const answer = await this.#ask({
      method: 'GET',
      path: '/v1/bundle',
      headers: {
        prefer: `wait=${String(WAIT_S)}`,
        ...(known === null ? {} : { 'if-none-match': `"${known}"` }),
        ...(this.#compared === null ? {} : { [CANDIDATE]: this.#compared.known }),
      },
      timeoutMs: ASK_MS,
    });
    await this.#take(answer);
    const fetch = (): Promise<Answer> =>
      this.#ask({ method: 'GET', path: '/v1/candidate', headers: {}, timeoutMs: ASK_MS });
    await this.#compared?.bring(answer.candidate, fetch);
  }

  #ask({ headers, ...question }: Omit<Question, 'signal'>): Promise<Answer> {
    const { link, version } = this.#options;
    const { signal } = this.#closing;
    const named = { 'user-agent': `postern/${version}`, ...headers };
    return askController(link, { ...question, headers: named, signal });
  }

  async #take({ status, etag, body }: Answer): Promise<void> {
    if (status === 304) return this.#note({ state: 'ok', detail: null });
    if (status === 404) {
      this.#note({ state: 'none', detail: 'there are no policies for this namespace' });
      return pauseAfter(NONE_YET, this.#closing.signal);
    }
    if (status !== 200 || etag === '') throw new Error(`the controller answered ${String(status)}`);
    await writeWhole(join(this.#options.directory, BUNDLE), body);
    this.#fetched = etag;
    this.#note({ state: 'ok', detail: null });
    this.#options.log.info('a bundle came', { digest: etag });
  }

  #note({ state, detail }: Pick<SourceStatus, 'state' | 'detail'>): void {
    const wasSame = this.#source.state === state && this.#source.detail === detail;
    const lastContactAtMs = state === 'away' ? this.#source.lastContactAtMs : Date.now();
    this.#source = { ...this.#source, state, detail, lastContactAtMs };
    if (!wasSame && state === 'away')
      this.#options.log.warn('the controller cannot be asked', { detail: detail ?? '' });
  }
}
