// A collection of the API server in; what it holds, kept up to date for as long as somebody wants it, out.
import { type Backoff, backoffMs, jitter, pause } from './backoff.ts';
import type { Client } from './client.ts';
import type { ApiFailure } from './failure.ts';
import { foldChange, foldList } from './fold.ts';
import { type Collection, type Keep, keepWhole, listObjects } from './list.ts';
import type { ReflectLog } from './log.ts';
import type { KubeObject } from './objects.ts';
import { type Heard, watchObjects } from './watch.ts';

export interface Mirror<T> {
  /** A whole list has been read. What was seen once stays, however long the API server is away. */
  readonly isSynced: boolean;
  /** Kept when it is so, or when the mirror is closed before. */
  readonly synced: Promise<void>;
  /** By `namespace/name`, or by name where there is no namespace. */
  readonly items: ReadonlyMap<string, T>;
  /** Told of every key whose object came, changed or went. Changes that follow each other soon may be told once. It must not throw. */
  subscribe(listener: (key: string) => void): () => void;
  close(): void;
}

export interface MirrorTiming {
  readonly watchMs: number;
  /** The API server sends a bookmark about every minute. */
  readonly idleMs: number;
  readonly relistMs: number;
  readonly backoff: Backoff;
}

interface MirrorOptions<T extends KubeObject> extends Collection {
  readonly client: Client;
  readonly log: ReflectLog;
  /** What is held of each object, where that is not all of it: strangers may make objects large. */
  readonly keep?: Keep<T>;
  readonly timing?: MirrorTiming;
}

const TIMING: MirrorTiming = {
  watchMs: 10 * 60_000,
  idleMs: 150_000,
  relistMs: 60 * 60_000,
  backoff: { firstMs: 500, longestMs: 30_000 },
};

/** A watch that lived so long did its work, even if nothing happened. */
const SOUND_MS = 5000;

/** Returns at once, with the first list under way. */
export function mirror<T extends KubeObject>(options: MirrorOptions<T>): Mirror<T> {
  return new ApiMirror<T>(options);
}

class ApiMirror<T extends KubeObject> implements Mirror<T> {
  readonly synced: Promise<void>;
  readonly #options: MirrorOptions<T>;
  readonly #keep: Keep<T>;
  readonly #timing: MirrorTiming;
  readonly #closing = new AbortController();
  readonly #items = new Map<string, T>();
  readonly #listeners = new Set<(key: string) => void>();
  readonly #settle: () => void;
  #isSynced = false;
  #version = '';
  /** In a row. */
  #failures = 0;

  constructor(options: MirrorOptions<T>) {
    this.#options = options;
    this.#keep = options.keep ?? keepWhole;
    this.#timing = options.timing ?? TIMING;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#settle = resolve;
    void this.#follow();
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  get items(): ReadonlyMap<string, T> {
    return this.#items;
  }

  subscribe(listener: (key: string) => void): () => void {
    const own = (key: string): void => listener(key); // the same function may come twice
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  close(): void {
    this.#closing.abort();
    this.#listeners.clear();
    this.#settle();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #follow(): Promise<void> {
    try {
      while (!this.#isClosed) {
        if (await this.#list()) await this.#watch();
      }
    } catch (error) {
      if (!this.#isClosed) throw error;
    }
  }

  /** False when there is none, and it is to be tried again. */
  async #list(): Promise<boolean> {
    const { client } = this.#options;
    const listed = await listObjects<T>(client, this.#options, {
      keep: this.#keep,
      signal: this.#closing.signal,
    });
    if (!listed.ok) {
      await this.#rest(listed.error);
      return false;
    }
    this.#version = listed.value.resourceVersion;
    const changed = foldList(this.#items, listed.value.items);
    this.#sync();
    for (const key of changed) this.#tell(key);
    return true;
  }

  #sync(): void {
    if (this.#isSynced) return;
    this.#isSynced = true;
    this.#settle();
    this.#options.log.info('objects of the API server are known', {
      why: this.#options.path,
      count: this.#items.size,
    });
  }

  /** Watch after watch, from where the one before stopped, until a list is due. */
  async #watch(): Promise<void> {
    const relistAt = performance.now() + jitter(this.#timing.relistMs);
    while (!this.#isClosed && performance.now() < relistAt) {
      const failure = await this.#watchOnce();
      if (failure === null) continue;
      await this.#rest(failure);
      if (!CAN_RESUME.has(failure.code)) return;
    }
  }

  async #watchOnce(): Promise<ApiFailure | null> {
    const { client } = this.#options;
    const begun = performance.now();
    let isSound = false;
    const failure = await watchObjects<T>({
      client,
      collection: this.#options,
      keep: this.#keep,
      resourceVersion: this.#version,
      seconds: Math.ceil(jitter(this.#timing.watchMs) / 1000),
      idleMs: this.#timing.idleMs,
      signal: this.#closing.signal,
      hear: (heard) => {
        isSound = true;
        this.#hear(heard);
      },
    });
    if (isSound || performance.now() - begun > SOUND_MS) this.#failures = 0;
    else if (failure === null) return CUT_SHORT;
    return failure;
  }

  #hear(heard: Heard<T>): void {
    this.#version = heard.resourceVersion;
    if (heard.kind === 'bookmark') return;
    const key = foldChange(this.#items, heard);
    if (key !== null) this.#tell(key);
  }

  #tell(key: string): void {
    for (const listener of this.#listeners) listener(key);
  }

  async #rest({ code, retryAfterMs = 0 }: ApiFailure): Promise<void> {
    this.#failures += 1;
    this.#options.log.warn('the API server is not heard', {
      why: this.#options.path,
      code,
      count: this.#failures,
    });
    const ms = backoffMs(this.#timing.backoff, this.#failures);
    await pause(Math.max(ms, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)), this.#closing.signal);
  }
}

const MAX_RETRY_AFTER_MS = 120_000;
const CUT_SHORT: ApiFailure = { code: 'unreachable', message: 'the watch ended as soon as it had begun' };
/** Nothing is lost by going on from the last version seen; after all else only a list tells what is there. */
const CAN_RESUME: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'unavailable',
  'too_many_requests',
]);
