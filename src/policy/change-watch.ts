// A directory in; a signal out when it may have changed: at once where the file system announces it, else by looking.
import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Doorbell } from '../lib/doorbell.ts';
import { stampOf, surveyDirectory } from './survey.ts';

/** The rest of one edit has arrived when nothing rings for so long; a directory that never rests is read anyway. */
const QUIET_MS = 10;
const MOST_QUIETS = 20;
/** The safety net: for folders within the directory, and for file systems that announce nothing. */
const POLL_MS = 2000;
/** While there is no directory to watch, or no watch to be had. */
const UNWATCHED_POLL_MS = 250;

export class ChangeWatch implements Disposable {
  readonly #directory: string;
  readonly #bell = new Doorbell();
  #watcher: FSWatcher | null = null;
  #isClosed = false;

  constructor(directory: string) {
    this.#directory = directory;
    this.#watch();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#watcher?.close();
    this.#bell.ring();
  }

  /** Asks to look again soon. */
  ring(): void {
    this.#bell.ring();
  }

  /** Waits until the directory may look other than `stamp`, or `retryAtMs` (monotonic) has come; false when closed. */
  async next(stamp: string, retryAtMs: number): Promise<boolean> {
    while (!this.#isClosed) {
      const rang = await this.#bell.wait(this.#watcher === null ? UNWATCHED_POLL_MS : POLL_MS);
      if (this.#isClosed) break;
      if (rang || performance.now() >= retryAtMs || (await this.#looksOtherThan(stamp))) {
        await this.#settle();
        return !this.#isClosed;
      }
    }
    return false;
  }

  async #looksOtherThan(stamp: string): Promise<boolean> {
    return stampOf(await surveyDirectory(this.#directory)) !== stamp;
  }

  /** What changes from now on rings again. */
  async #settle(): Promise<void> {
    let quiets = 0;
    do {
      this.#bell.reset();
      await sleep(QUIET_MS);
      quiets += 1;
    } while (this.#bell.isRung && quiets < MOST_QUIETS);
    this.#bell.reset();
    // Anew each time: the folder itself may be another one.
    if (!this.#isClosed) this.#watch();
  }

  #watch(): void {
    this.#watcher?.close();
    try {
      this.#watcher = watch(this.#directory, () => this.#bell.ring()).on('error', () => this.#bell.ring());
    } catch {
      // Not there yet, or no watches left: looking goes on.
      this.#watcher = null;
    }
  }
}
