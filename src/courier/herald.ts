// What the store has in force, and what is compared with it, in; the controller told, once for all that has happened since, out.
import { Doorbell } from '../lib/doorbell.ts';
import type { PolicyStore } from '../policy/index.ts';
import { acknowledge } from './acknowledgement.ts';
import type { Answer, Question } from './ask-controller.ts';
import type { Compared } from './compared.ts';

export interface HeraldOptions {
  readonly store: PolicyStore;
  readonly compared: Compared | null;
  readonly version: string;
  readonly ask: (question: Omit<Question, 'signal'>) => Promise<Answer>;
}

const TELL_MS = 10_000;
/** A controller that has just taken over knows nobody. */
const RETELL_MS = 60_000;
/** Timers may ring a little early. */
const SLACK_MS = 1000;
/** What is counted of a candidate may have to hold it back. */
const RECOUNT_MS = 10_000;

export class Herald {
  readonly #options: HeraldOptions;
  readonly #news = new Doorbell();
  #told = { atMs: -Infinity, counts: '' };

  constructor(options: HeraldOptions) {
    this.#options = options;
  }

  ring(): void {
    this.#news.ring();
  }

  /** Waits for news, or until it is time to say it again; said again until it was heard. @throws Error when it was not. */
  async tell(signal: AbortSignal): Promise<void> {
    const isNews = await this.#news.wait(this.#counts() === '' ? RETELL_MS : RECOUNT_MS);
    if (signal.aborted || !(isNews || this.#isDue())) return;
    this.#news.reset();
    const counts = this.#counts();
    try {
      await this.#send();
      this.#told = { atMs: performance.now(), counts };
    } catch (error) {
      this.#news.ring();
      throw error;
    }
  }

  /** Empty while nothing is compared. */
  #counts(): string {
    const described = this.#options.compared?.describe() ?? null;
    return described === null ? '' : JSON.stringify(described);
  }

  #isDue(): boolean {
    const { atMs, counts } = this.#told;
    return counts !== this.#counts() || performance.now() - atMs >= RETELL_MS - SLACK_MS;
  }

  async #send(): Promise<void> {
    const { store, compared, version, ask } = this.#options;
    const said = acknowledge(store.status(), compared?.describe() ?? null, version);
    const { status } = await ask({
      method: 'POST',
      path: '/v1/acknowledgements',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(said)),
      timeoutMs: TELL_MS,
    });
    if (status !== 204) throw new Error(`the controller answered ${String(status)} to an acknowledgement`);
  }
}
