// A controller in; its newest bundle on disk, where it is watched, and what became of it told back, for as long as this runs.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerLink } from '../config/index.ts';
import { Doorbell } from '../lib/doorbell.ts';
import { writeWhole } from '../lib/write-whole.ts';
import type { PolicyStatus, PolicyStore } from '../policy/index.ts';
import { askController, type Answer } from './ask-controller.ts';
import { acknowledge } from './acknowledgement.ts';
import { BUNDLE } from './seed.ts';

export interface CourierOptions {
  readonly link: ControllerLink;
  /** Where bundles are put; it is there. */
  readonly directory: string;
  readonly store: PolicyStore;
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
const TELL_MS = 10_000;
/** A controller that has just taken over knows nobody. */
const RETELL_MS = 60_000;
/** Where there is nothing, one asks again after as long as after so many failures. */
const NONE_YET = 4;
const PAUSE = { firstMs: 500, longestMs: 30_000 } as const;

export class Courier implements AsyncDisposable {
  readonly #options: CourierOptions;
  readonly #closing = new AbortController();
  readonly #news = new Doorbell();
  readonly #running: Promise<unknown>;
  readonly #unsubscribe: () => void;
  #fetched: string | null = null;
  #source: SourceStatus;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#source = { url: options.link.url.href, state: 'waiting', lastContactAtMs: null, detail: null };
    this.#unsubscribe = options.store.subscribe(() => this.#news.ring());
    this.#running = Promise.all([
      this.#repeat(
        () => this.#fetch(),
        (detail) => this.#note({ state: 'away', detail }),
      ),
      this.#repeat(
        () => this.#tell(),
        () => undefined,
      ),
    ]);
  }

  status(): SourceStatus {
    return this.#source;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    this.#closing.abort();
    this.#news.ring();
    await this.#running;
  }

  /** Does it again and again; after a failure later, and later each time. */
  async #repeat(round: () => Promise<void>, onFailure: (detail: string) => void): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted;) {
      try {
        await round();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        onFailure(messageOf(error));
        await this.#pause(failures);
      }
    }
  }

  /** What was fetched is not asked for again, whether it could be loaded or not. */
  async #fetch(): Promise<void> {
    const { link, store, version } = this.#options;
    const known = this.#fetched ?? store.status().digest;
    const answer = await askController(link, {
      method: 'GET',
      path: '/v1/bundle',
      headers: {
        'user-agent': `postern/${version}`,
        prefer: `wait=${String(WAIT_S)}`,
        ...(known === null ? {} : { 'if-none-match': `"${known}"` }),
      },
      timeoutMs: ASK_MS,
      signal: this.#closing.signal,
    });
    await this.#take(answer);
  }

  async #take({ status, etag, body }: Answer): Promise<void> {
    if (status === 304) return this.#note({ state: 'ok', detail: null });
    if (status === 404) {
      this.#note({ state: 'none', detail: 'there are no policies for this namespace' });
      return this.#pause(NONE_YET);
    }
    if (status !== 200 || etag === '') throw new Error(`the controller answered ${String(status)}`);
    await writeWhole(join(this.#options.directory, BUNDLE), body);
    this.#fetched = etag;
    this.#note({ state: 'ok', detail: null });
    this.#options.log.info('a bundle came', { digest: etag });
  }

  /** Once for all that has happened since, and now and then; again until it was heard. */
  async #tell(): Promise<void> {
    await this.#news.wait(RETELL_MS);
    if (this.#closing.signal.aborted) return;
    this.#news.reset();
    try {
      await this.#send(this.#options.store.status());
    } catch (error) {
      this.#news.ring();
      throw error;
    }
  }

  async #send(status: PolicyStatus): Promise<void> {
    const { link, version } = this.#options;
    const { status: code } = await askController(link, {
      method: 'POST',
      path: '/v1/acknowledgements',
      headers: { 'content-type': 'application/json', 'user-agent': `postern/${version}` },
      body: Buffer.from(JSON.stringify(acknowledge(status, version))),
      timeoutMs: TELL_MS,
      signal: this.#closing.signal,
    });
    if (code !== 204) throw new Error(`the controller answered ${String(code)} to an acknowledgement`);
  }

  async #pause(failures: number): Promise<void> {
    const { signal } = this.#closing;
    await sleep(pauseMs(failures), undefined, { signal }).catch(() => undefined);
  }

  #note({ state, detail }: Pick<SourceStatus, 'state' | 'detail'>): void {
    const wasSame = this.#source.state === state && this.#source.detail === detail;
    const lastContactAtMs = state === 'away' ? this.#source.lastContactAtMs : Date.now();
    this.#source = { ...this.#source, state, detail, lastContactAtMs };
    if (!wasSame && state === 'away')
      this.#options.log.warn('the controller cannot be asked', { detail: detail ?? '' });
  }
}

/** From half of it to all of it, so that pods do not come together. */
const pauseMs = (failures: number): number =>
  Math.min(PAUSE.longestMs, PAUSE.firstMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
