// Audit entries in; lines out, each holding the hash of the line before it: a line changed or taken out later shows.
import { hash } from 'node:crypto';
import { err, ok, type Result } from '../../lib/result.ts';
import type { AuditEntry } from './decision-log.ts';
import { renderJson } from './json-line.ts';

/** Stands where the first line of a file has no line before it. */
export const GENESIS = '0'.repeat(64);

export const hashLine = (line: string | Buffer): string => hash('sha256', line);

export const renderLine = (sequence: number, previous: string, entry: AuditEntry): string =>
  renderJson({ seq: sequence, prev: previous, ...entry });

interface AuditSummary {
  /** Whole entries. */
  readonly entries: number;
  /** Lines that a crash or a full disk cut short; the chain goes on over them. */
  readonly torn: number;
}

type ChainProblem = 'prev is not the hash of the line before' | 'seq does not follow';

interface AuditFault {
  /** Counted from 1. */
  readonly line: number;
  readonly problem: ChainProblem;
}

/** Goes over the lines of a log in order. Each process counts its lines from 0, so `seq` may begin anew. */
export class ChainWalk {
  /** Null where it is not known what stood before. */
  #previous: string | null;
  #sequence: number | null = null;

  /** `before` is the hash of the line before the first. */
  constructor(before: string | null) {
    this.#previous = before;
  }

  /** `entry` is what the line holds. After a problem the chain is taken up again from this line. */
  step(line: string | Buffer, entry: Link | null): ChainProblem | null {
    const problem = entry === null ? null : this.#check(entry);
    if (entry !== null) this.#sequence = entry.seq;
    this.#previous = hashLine(line);
    return problem;
  }

  /** A line that nobody read. */
  skip(): void {
    this.#previous = null;
    this.#sequence = null;
  }

  #check({ seq, prev }: Link): ChainProblem | null {
    if (this.#previous === null) return null;
    if (prev !== this.#previous) return 'prev is not the hash of the line before';
    return seq === 0 || this.#sequence === null || seq === this.#sequence + 1 ? null : 'seq does not follow';
  }
}

/** Walks a whole file. The chain cannot show that the end of the file was cut off; ship the lines elsewhere for that. */
export function verifyAuditLog(text: string): Result<AuditSummary, AuditFault> {
  const lines = text.split('\n');
  const unfinished = lines.pop() === '' ? 0 : 1;
  const walk = new ChainWalk(GENESIS);
  let entries = 0;
  for (const [index, line] of lines.entries()) {
    const link = linkOf(parseLine(line));
    if (link !== null) entries += 1;
    const problem = walk.step(line, link);
    if (problem !== null) return err({ line: index + 1, problem });
  }
  return ok({ entries, torn: lines.length - entries + unfinished });
}

interface Link {
  readonly seq: number;
  readonly prev: string;
}

/** Null when the value is not an entry of a chain. */
export function linkOf(value: unknown): Link | null {
  const { seq, prev } = (value ?? {}) as Partial<Link>;
  return typeof seq === 'number' && typeof prev === 'string' ? { seq, prev } : null;
}

/** Undefined for a torn line. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
