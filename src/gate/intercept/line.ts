// Requests of one connection, as they are read, in; one after the other, each behind the answer to the one before, out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PosternError } from '../../exchange/index.ts';
import type { Arrival, Reply } from './reply.ts';

/** With a fault there is no request, or none that ended well: only the refusal is to be said. */
export type Handle = (arrival: Arrival, reply: Reply, fault: PosternError | null) => void;

/** Whose a connection is. */
export interface Keeper {
  readonly handle: Handle;
  /** Takes over a connection that asks to be one to another server; without it CONNECT is refused. */
  readonly tunnel?: (target: string, socket: Socket) => void;
}

/** The one under way and those sent ahead. */
const MAX_REQUESTS = 16;

interface Call {
  readonly arrival: IncomingMessage;
  readonly reply: ServerResponse;
  fault: PosternError | null;
}

export class Line {
  readonly #handle: Handle;
  readonly #calls: Call[] = [];

  constructor(handle: Handle) {
    this.#handle = handle;
  }

  take(arrival: IncomingMessage, reply: ServerResponse): void {
    if (this.#calls.length === MAX_REQUESTS) return void arrival.socket.destroy();
    // Who reads the body hears of its fault; where nobody does, it must not end the program.
    arrival.on('error', () => {});
    reply.once('close', () => {
      this.#calls.shift();
      if (reply.shouldKeepAlive) this.#begin();
    });
    this.#calls.push({ arrival, reply, fault: null });
    if (this.#calls.length === 1) this.#begin();
  }

  /** What comes after the latest request, or in its body, cannot be read. False when there is no request. */
  break(fault: PosternError): boolean {
    const last = this.#calls.at(-1);
    if (last === undefined) return false;
    const { arrival, reply } = last;
    reply.once('finish', () => arrival.socket.destroySoon());
    if (arrival.complete) return true;
    last.fault = fault;
    arrival.emit('error', fault);
    return true;
  }

  /** In a turn of its own: by then it is known whether a small request has arrived whole. */
  #begin(): void {
    const [call] = this.#calls;
    if (call !== undefined) process.nextTick(() => this.#handle(call.arrival, call.reply, call.fault));
  }
}
