// A directory of policies, mounted or edited, in; the store kept at its newest good content out.
import { err } from '../lib/result.ts';
import { ChangeWatch } from './change-watch.ts';
import { formatPlace, lastingProblem, type LoadProblem } from './issue.ts';
import { loadFiles, type Loaded } from './load-files.ts';
import { hashFiles, readDirectory, type Reading } from './read-directory.ts';
import type { Station } from './snapshot.ts';
import type { Compile } from './spawn-compiler.ts';
import type { PolicyStore } from './store.ts';
import type { Trust } from './trust.ts';

export interface DirectorySourceOptions extends Station {
  /** A ConfigMap must be mounted whole: the kubelet never updates one that is mounted by subPath. */
  readonly directory: string;
  readonly store: PolicyStore;
  /** Where there is nothing, nothing is in force, and that is no failure. */
  readonly isOptional?: boolean;
  /** Null takes what is there, signed or not. */
  readonly trust: Trust | null;
  readonly compile: Compile;
  readonly log: SourceLog;
}

/** The lines that this room writes. */
export interface SourceLog {
  info(
    message: string,
    fields: { readonly digest: string; readonly keyId?: string; readonly durationMs: number },
  ): void;
  warn(
    message: string,
    fields: { readonly code: string; readonly detail: string; readonly file?: string },
  ): void;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;

/** Returns at once, with the first load under way. */
export function openDirectorySource(options: DirectorySourceOptions): AsyncDisposable {
  return new DirectorySource(options);
}

class DirectorySource implements AsyncDisposable {
  readonly #options: DirectorySourceOptions;
  readonly #closing = new AbortController();
  readonly #changes: ChangeWatch;
  readonly #following: Promise<void>;
  /** How the directory looked last, and what was in it: the same content is not loaded twice. */
  #stamp = '';
  #content = '';
  /** What the snapshot in force was loaded from. */
  #contentInForce = '';
  #retryAtMs = Infinity;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(options: DirectorySourceOptions) {
    this.#options = options;
    this.#changes = new ChangeWatch(options.directory);
    this.#following = this.#follow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#changes[Symbol.dispose]();
    await this.#following;
  }

  /** One load after the other, so that none overtakes a newer one. */
  async #follow(): Promise<void> {
    do await this.#look();
    while (await this.#changes.next(this.#stamp, this.#retryAtMs));
  }

  async #look(): Promise<void> {
    const reading = await readDirectory(this.#options.directory);
    if (reading === null) return this.#changes.ring();
    const { stamp, files } = reading;
    const content = files.ok ? hashFiles(files.value) : stamp;
    const isKnown = content === this.#content && performance.now() < this.#retryAtMs;
    this.#stamp = stamp;
    this.#content = content;
    if (isKnown) return;
    if (content === this.#contentInForce) return this.#settle();
    if (this.#options.isOptional === true && files.ok && files.value.length === 0) return this.#clear();
    await this.#load(files);
  }

  async #load(files: Reading['files']): Promise<void> {
    const { store } = this.#options;
    const startMs = performance.now();
    const { signal } = this.#closing;
    const loaded = files.ok
      ? await loadFiles(files.value, { ...this.#options, current: store.current(), signal })
      : err(lastingProblem(files.error));
    if (signal.aborted) return;
    if (loaded.ok) this.#accept(loaded.value, performance.now() - startMs);
    else this.#refuse(loaded.error);
  }

  /** What failed since is past. */
  #settle(): void {
    this.#retryAtMs = Infinity;
    this.#options.store.settle();
  }

  #clear(): void {
    this.#retryAtMs = Infinity;
    this.#contentInForce = '';
    this.#options.store.clear();
  }

  #accept({ snapshot, signature }: Loaded, durationMs: number): void {
    const { store, log, modes } = this.#options;
    this.#retryAtMs = Infinity;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#contentInForce = this.#content;
    if (store.confirm(snapshot, signature)) return;
    store.replace(snapshot, signature);
    const signer = signature === null ? {} : { keyId: signature.keyId };
    log.info('policies are in force', { digest: snapshot.digest, ...signer, durationMs });
    const strangers = Object.keys(modes).filter((id) => !snapshot.policyIds.includes(id));
    for (const id of strangers)
      log.warn('a mode is set for a policy that is not there', { code: 'policy.unknown', detail: id });
  }

  #refuse({ issues, isPassing }: LoadProblem): void {
    const { store, log } = this.#options;
    store.fail(issues);
    for (const issue of issues) {
      log.warn('policies were not loaded', {
        code: issue.code,
        detail: issue.message,
        file: formatPlace(issue),
      });
    }
    this.#retryAtMs = isPassing ? performance.now() + this.#pauseMs : Infinity;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
