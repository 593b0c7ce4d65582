// What a check is: a question to what was read of a cluster, with an answer for people and one for programs.
import type { Answered, ApiFailure } from '../../cluster/reflect/index.ts';
import type { Facts } from './facts.ts';

export interface Finding {
  /** `skipped`: it could not be looked at, and nothing is claimed. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** One line each; the first says it all. */
  readonly lines: readonly string[];
}

export interface Check {
  /** Stable, and its anchor in docs/checks.md. */
  readonly id: string;
  /** What is so when it is well. */
  readonly title: string;
  /** For docs/checks.md: why it matters, and what to do. */
  readonly mend: string;
  judge(this: void, facts: Facts): Finding;
}

export interface Section {
  readonly title: string;
  readonly checks: readonly Check[];
}

/** Enough to see what it is about. */
const MOST_LINES = 10;

export const ok = (line = ''): Finding => ({ status: 'ok', lines: line === '' ? [] : [line] });
export const skipped = (line: string): Finding => ({ status: 'skipped', lines: [line] });
export const failed = (...lines: readonly string[]): Finding => ({ status: 'failed', lines: shorten(lines) });
export const warning = (...lines: readonly string[]): Finding => ({
  status: 'warning',
  lines: shorten(lines),
});

const shorten = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `and ${String(lines.length - MOST_LINES)} more`];

/** Well when nothing is wrong. */
export const failedIf = (problems: readonly string[], well = ''): Finding =>
  problems.length === 0 ? ok(well) : failed(...problems);
export const warningIf = (problems: readonly string[], well = ''): Finding =>
  problems.length === 0 ? ok(well) : warning(...problems);

/** What cannot be read is not well; what the caller may not read is not judged. */
export function given<T>(read: Answered<T>, judge: (value: T) => Finding): Finding {
  return read.ok ? judge(read.value) : unread(read.error);
}

export const unread = ({ code, message }: ApiFailure): Finding =>
  code === 'forbidden' || code === 'unauthorized'
    ? skipped(`you may not look: ${message}`)
    : failed(`it could not be read: ${code}: ${message}`);
