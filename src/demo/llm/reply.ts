// The one shape in which both dialects hand their answers to the server, and the small things they have in common.
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the path, where it names one. */
  readonly model: string | null;
  /** Counts the requests from 1; ids are made from it, so a run repeats itself. */
  readonly serial: number;
  readonly chunkCharacters: number;
}

export type Reply =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly headers: OutgoingHttpHeaders;
      readonly body: unknown;
    }
  | {
      readonly kind: 'stream';
      readonly headers: OutgoingHttpHeaders;
      readonly frames: ReadonlyArray<string | Buffer>;
    };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_CHARACTERS = 24;

/** Such as `chatcmpl-Bx3…`: the shape of the provider's ids. */
export function createId(prefix: string, serial: number): string {
  const hash = createHash('sha256').update(`${prefix}${serial}`).digest();
  const characters = Array.from(hash.subarray(0, ID_CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]);
  return prefix + characters.join('');
}

/** Near enough: four characters to a token. */
export const countTokens = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

/** Pieces of so many characters, none cut in half: what a model gives away, it gives away piecemeal. */
export function splitText(text: string, size: number): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let i = 0; i < characters.length; i += size) pieces.push(characters.slice(i, i + size).join(''));
  return pieces;
}

export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // not JSON; each dialect has its own words for that
  }
}
