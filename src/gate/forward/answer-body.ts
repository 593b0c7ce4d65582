// The bytes of an answer as they come off its connection in; to one reader, at its pace, out. What breaks it is named.
import { errors } from './undici.ts';
import { PosternError } from '../../exchange/index.ts';

/** Whose bytes these are. */
export interface Source {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** So much is read ahead of the reader, and no more. */
const AHEAD_BYTES = 65_536;

/** A stream of Node's does more than is asked for here, and each costs as much as judging a short answer. */
export class AnswerBody {
  readonly #source: Source;
  readonly #chunks: Buffer[] = [];
  #ahead = 0;
  #hasEnded = false;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(source: Source) {
    this.#source = source;
  }

  push(chunk: Buffer): void {
    if (this.#failure !== null) return;
    this.#chunks.push(chunk);
    this.#ahead += chunk.length;
    if (this.#ahead >= AHEAD_BYTES) this.#source.pause();
    this.#tell();
  }

  end(): void {
    this.#hasEnded = true;
    this.#tell();
  }

  /** The first failure stands. What came before it can still be read. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#tell();
  }

  /** Whether all of it has come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * All that is there, as soon as there is any; null after the last bytes.
   * @throws PosternError POSTERN_E_UPSTREAM_TIMEOUT or POSTERN_E_UPSTREAM_RESPONSE when it does not come to its end.
   */
  async read(): Promise<Buffer | null> {
    while (this.#chunks.length === 0) {
      if (this.#failure !== null) throw explain(this.#failure);
      if (this.#hasEnded) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#takeAll();
  }

  /** What was not read is let go, and whoever waits for more waits no longer. */
  destroy(): void {
    if (this.#hasEnded) return;
    const reason = new errors.RequestAbortedError();
    this.#chunks.length = 0;
    this.fail(reason);
    this.#source.abort(reason);
  }

  #takeAll(): Buffer {
    const chunks = this.#chunks.splice(0);
    const wasFull = this.#ahead >= AHEAD_BYTES;
    this.#ahead = 0;
    if (wasFull) this.#source.resume();
    const [only, ...others] = chunks;
    return only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
  }

  #tell(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

function explain(failure: Error): PosternError {
  if (failure instanceof PosternError) return failure;
  return failure instanceof errors.BodyTimeoutError
    ? new PosternError('POSTERN_E_UPSTREAM_TIMEOUT', undefined, { cause: failure })
    : new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'It broke off.', { cause: failure });
}
