// A text in, what its encoded runs decode to out; printable text only, within one budget for the whole text.
import { Buffer, isUtf8 } from 'node:buffer';
import { findRuns, RUN } from './runs.ts';
import type { Run } from './runs.ts';
import type { Encoding, TextSpan } from './view.ts';

export interface DecodedRun extends TextSpan {
  readonly encoding: Encoding;
  readonly text: string;
  readonly complete: boolean;
}

/** What may still be decoded, in characters; shared by all runs and depths of one text. */
export interface DecodeBudget {
  left: number;
}

export const DECODE_LIMIT = 256 * 1024;

const HEX_ONLY = RUN.lowerHex | RUN.upperHex | RUN.digit;
const SHORTEST_HEX = 24;
/** A multiple of four, and of two: whole units of either encoding. */
const PROBE = 32;
const WRAPPED_LINE = 60;
const ESCAPE = /%[0-9a-f]{2}/gi;
const TOKEN = /\S+/g;
const FEWEST_ESCAPES = 2;

/** Tab, line breaks and form feed are text. */
const isControl = (byte: number): boolean => byte < 9 || (byte > 13 && byte < 32) || byte === 127;

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** A window of a longer text: characters cut at either end do not count against it. */
const isTextWindow = (bytes: Buffer): boolean => {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  for (let cut = 0; cut <= 3; cut += 1) {
    const window = bytes.subarray(start, bytes.length - cut);
    if (window.length > 0 && isUtf8(window)) return !window.some(isControl);
  }
  return false;
};

/** Looked at in four places, so that a random beginning or end does not hide the rest. */
const hasText = (encoding: 'base64' | 'hex', encoded: string): boolean => {
  const step = Math.max(4, Math.floor((encoded.length - PROBE) / 12) * 4);
  const last = Math.max(0, encoded.length - PROBE);
  for (let at = 0; at <= Math.min(last, step * 3); at += step) {
    if (isTextWindow(Buffer.from(encoded.slice(at, at + PROBE), encoding))) return true;
  }
  return false;
};

/** How many characters before the encoded text belong to something else (`path/aWdub3Jl`); -1: not encoded text. */
const findOffset = (encoding: 'base64' | 'hex', encoded: string): number => {
  const offsets = encoding === 'base64' ? [0, 1, 2, 3] : [0, 1];
  return offsets.find((at) => hasText(encoding, encoded.slice(at))) ?? -1;
};

const spend = (budget: DecodeBudget, run: Omit<DecodedRun, 'complete'>): DecodedRun => {
  const text = run.text.slice(0, budget.left);
  budget.left -= text.length;
  return { ...run, text, complete: text.length === run.text.length };
};

const guessEncoding = (run: Run): 'base64' | 'hex' | null => {
  if ((run.made & ~HEX_ONLY) === 0) return run.end - run.start >= SHORTEST_HEX ? 'hex' : null;
  const hasBothCases =
    (run.made & (RUN.upper | RUN.upperHex)) !== 0 && (run.made & (RUN.lower | RUN.lowerHex)) !== 0;
  return hasBothCases ? 'base64' : null;
};

const decodeRun = (text: string, run: Run, budget: DecodeBudget): DecodedRun | null => {
  const encoding = guessEncoding(run);
  if (encoding === null) return null;
  const encoded = text.slice(run.start, run.end);
  const offset = findOffset(encoding, encoded);
  if (offset === -1) return null;
  // Two units of base64 make more than one character; what lies beyond the budget is not even decoded.
  const bounded = encoded.slice(offset, offset + 4 + budget.left * 2);
  const decoded = Buffer.from(bounded, encoding).toString('utf8');
  const found = spend(budget, { start: run.start, end: run.end, encoding, text: decoded });
  return offset + bounded.length < encoded.length ? { ...found, complete: false } : found;
};

/** Encoders wrap lines; full lines that follow each other are one run. */
const joinLines = (text: string, runs: readonly Run[]): readonly Run[] => {
  const joined: Run[] = [];
  let lastLine = 0;
  for (const run of runs) {
    const before = joined.at(-1);
    const isNext = before !== undefined && run.start - before.end <= 2 && lastLine >= WRAPPED_LINE;
    if (isNext && /^\r?\n$/.test(text.slice(before.end, run.start))) {
      joined[joined.length - 1] = { start: before.start, end: run.end, made: before.made | run.made };
    } else joined.push(run);
    lastLine = run.end - run.start;
  }
  return joined;
};

const unescapeUrl = (token: string): string =>
  Buffer.from(
    token
      .replace(/\+/g, ' ')
      .replace(/[^\0-\x7f]/gu, encodeURIComponent)
      .replace(ESCAPE, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16))),
    'latin1',
  ).toString('utf8');

const decodeUrls = (text: string, budget: DecodeBudget): readonly DecodedRun[] => {
  if (!text.includes('%')) return [];
  const found: DecodedRun[] = [];
  for (const token of text.matchAll(TOKEN)) {
    if ((token[0].match(ESCAPE)?.length ?? 0) < FEWEST_ESCAPES) continue;
    const end = token.index + token[0].length;
    found.push(spend(budget, { start: token.index, end, encoding: 'url', text: unescapeUrl(token[0]) }));
  }
  return found;
};

export const decodeRuns = (text: string, budget: DecodeBudget): readonly DecodedRun[] => [
  ...joinLines(text, findRuns(text)).flatMap((run) => decodeRun(text, run, budget) ?? []),
  ...decodeUrls(text, budget),
];
