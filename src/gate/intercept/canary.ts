// Proves every few seconds that the kernel still leads connections to us: a word is sent round by an address that leads nowhere else.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Authority } from '../../exchange/index.ts';
import { CANARY } from '../../lead/index.ts';

export interface CanaryState {
  /** Null before the first round of any. */
  readonly isAlive: boolean | null;
  /** Rounds in a row that did not come back. */
  readonly missed: number;
}

const EVERY_MS = 5_000;
const ROUND_MS = 2_000;
const WORD_BYTES = 32;

export class Canary implements Disposable {
  /** Nobody else can know it. */
  readonly #word = randomBytes(WORD_BYTES);
  readonly #changed: (state: CanaryState) => void;
  #timer: NodeJS.Timeout | null = null;
  #state: CanaryState = { isAlive: null, missed: 0 };

  /** `changed` is told of each change between alive and not. */
  constructor(changed: (state: CanaryState) => void) {
    this.#changed = changed;
  }

  /** Once somebody listens: who would answer is we. */
  start(): void {
    this.#timer = setInterval(() => void this.#round(), EVERY_MS);
    void this.#round();
  }

  get state(): CanaryState {
    return this.#state;
  }

  /** True when the connection was one of ours, or of somebody who dials the same address, and is answered. */
  answer(socket: Socket, destination: Authority | null): boolean {
    if (destination?.port !== CANARY.port || !ADDRESSES.includes(destination.host)) return false;
    socket.on('error', () => {});
    socket.end(this.#word);
    return true;
  }

  async #round(): Promise<void> {
    const came = await fetchWord(CANARY.ipv4);
    const isAlive = came?.equals(this.#word) === true;
    const before = this.#state.isAlive;
    this.#state = { isAlive, missed: isAlive ? 0 : this.#state.missed + 1 };
    if (before !== isAlive) this.#changed(this.#state);
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}

const ADDRESSES: readonly string[] = [CANARY.ipv4, CANARY.ipv6];

/** Null where nothing answers, or more than a word. */
function fetchWord(host: string): Promise<Buffer | null> {
  const { promise, resolve } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  const socket = connect({ host, port: CANARY.port });
  const end = (word: Buffer | null): void => {
    clearTimeout(timer);
    socket.destroy();
    resolve(word);
  };
  const timer = setTimeout(() => end(null), ROUND_MS);
  socket.on('error', () => end(null));
  socket.on('end', () => end(Buffer.concat(chunks)));
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    if (Buffer.concat(chunks).length > WORD_BYTES) end(null);
  });
  return promise;
}
