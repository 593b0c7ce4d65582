// A directory in; a signal out when it may have changed: at once where the file system announces it, else by looking.
import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Doorbell } from './doorbell.ts';
import { stampOf, surveyDirectory } from './survey.ts';

/** Lets the rest of one edit arrive, and bounds how often a restless directory is read. */
const DEBOUNCE_MS = 100;
/** The safety net: folders within the directory, and file systems that announce nothing. */
const POLL_MS = 2000;

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
      if (await this.#bell.wait(POLL_MS)) {
        await sleep(DEBOUNCE_MS);
        this.#bell.reset();
        break;
      }
      if (performance.now() >= retryAtMs || (await this.#hasChangedUnannounced(stamp))) break;
    }
    return !this.#isClosed;
  }

  async #hasChangedUnannounced(stamp: string): Promise<boolean> {
    if (stampOf(await surveyDirectory(this.#directory)) === stamp) return false;
    // The watcher may be looking at a folder that is gone.
    if (!this.#isClosed) this.#watch();
    return true;
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
