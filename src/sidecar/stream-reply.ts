// The bytes of a streaming answer in; to the caller they go at its pace, with a sign of life when there are none for long.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface StreamReplyOptions {
  /** Longest silence. */
  readonly silenceMs: number;
  /** Written after it, between two frames; may be empty, where no client would know it for what it is. */
  readonly signOfLife: () => Buffer;
  /** Aborted when the caller goes away, or the stream is to end. */
  readonly signal: AbortSignal;
  /** How long the caller may leave a piece untaken. */
  readonly patienceMs: number;
  readonly onUntaken: () => void;
}

/** A caller that reads slowly gets them, and one that reads no more is not waited for. */
const LAST_WORDS_MS = 1_000;

export class StreamReply {
  readonly #reply: Writable;
  readonly #options: StreamReplyOptions;
  readonly #silence: NodeJS.Timeout;

  constructor(reply: Writable, options: StreamReplyOptions) {
    this.#reply = reply;
    this.#options = options;
    this.#silence = setInterval(() => this.#giveSign(), options.silenceMs);
  }

  /** Resolves when the caller has taken in what was written. */
  async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    this.#silence.refresh();
    if (!this.#reply.write(bytes)) await this.#taken();
  }

  end(bytes: Buffer): void {
    this.close();
    this.#reply.end(bytes);
  }

  /** Hands the last bytes of a stream over that is then to be cut. */
  async writeLast(bytes: Buffer): Promise<void> {
    this.close();
    if (bytes.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const enough = setTimeout(resolve, LAST_WORDS_MS);
    this.#reply.write(bytes, () => resolve());
    await promise;
    clearTimeout(enough);
  }

  /** No more signs of life. */
  close(): void {
    clearInterval(this.#silence);
  }

  async #taken(): Promise<void> {
    const { signal, patienceMs, onUntaken } = this.#options;
    const timer = setTimeout(onUntaken, patienceMs);
    await once(this.#reply, 'drain', { signal }).finally(() => clearTimeout(timer));
  }

  /** A caller that has not taken in the last bytes yet is not helped by more of them. */
  #giveSign(): void {
    if (this.#reply.writableNeedDrain) return;
    const sign = this.#options.signOfLife();
    if (sign.length > 0) this.#reply.write(sign);
  }
}
