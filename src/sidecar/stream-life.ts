// A stream under way in; an end to it before its own, from whatever there is to end it for: its caller, its time, the house.
import { PosternError } from '../exchange/index.ts';
import type { Presence } from '../lib/presence.ts';
import type { LiveStreams } from './live-streams.ts';

interface Source {
  destroy(): void;
}

export interface StreamLifeOptions {
  /** The upstream's answer; it is destroyed at the end. */
  readonly source: Source;
  readonly streams: LiveStreams;
  readonly streamTimeoutMs: number;
  readonly caller: Presence;
}

export class StreamLife {
  readonly #stop = new AbortController();
  readonly #leave: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #source: Source;
  readonly signal: AbortSignal;

  constructor({ source, streams, streamTimeoutMs, caller }: StreamLifeOptions) {
    this.#source = source;
    this.signal = AbortSignal.any([caller.signal, this.#stop.signal]);
    this.#leave = streams.enlist(() => this.end(new PosternError('POSTERN_E_OVERLOADED')));
    const late = new PosternError('POSTERN_E_UPSTREAM_TIMEOUT', 'The stream took longer than is allowed.');
    this.#timer = setTimeout(() => this.end(late), streamTimeoutMs);
  }

  /** Whoever waits, for the upstream's next bytes or for the caller to take ours, waits no longer. */
  end(reason: PosternError): void {
    this.#stop.abort(reason);
    this.#source.destroy();
  }

  /** What it ended for, when an error came of that. */
  reasonOf(error: unknown): unknown {
    return this.#stop.signal.aborted ? this.#stop.signal.reason : error;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#leave();
    this.#source.destroy();
  }
}
