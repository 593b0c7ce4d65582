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

interface AuditFault {
  /** Counted from 1. */
  readonly line: number;
  readonly problem: 'prev is not the hash of the line before' | 'seq does not follow';
}

/**
 * Walks a whole file. Each process counts its lines from 0, so `seq` may begin anew. What the chain cannot show is
 * that the end of the file was cut off; ship the lines elsewhere for that.
 */
export function verifyAuditLog(text: string): Result<AuditSummary, AuditFault> {
  const lines = text.split('\n');
  const unfinished = lines.pop() === '' ? 0 : 1;
  let entries = 0;
  let last: Link = { seq: -1, prev: GENESIS };
  let previous = GENESIS;
  for (const [index, line] of lines.entries()) {
    const link = parseLink(line);
    if (link !== null) {
      const problem = findProblem(link, last, previous);
      if (problem !== null) return err({ line: index + 1, problem });
      entries += 1;
      last = link;
    }
    previous = hashLine(line);
  }
  return ok({ entries, torn: lines.length - entries + unfinished });
}

function findProblem(link: Link, last: Link, previous: string): AuditFault['problem'] | null {
  if (link.prev !== previous) return 'prev is not the hash of the line before';
  return link.seq === 0 || link.seq === last.seq + 1 ? null : 'seq does not follow';
}

interface Link {
  readonly seq: number;
  readonly prev: string;
}

function parseLink(line: string): Link | null {
  try {
    const value = JSON.parse(line) as Partial<Link> | null;
    return typeof value?.seq === 'number' && typeof value.prev === 'string'
      ? { seq: value.seq, prev: value.prev }
      : null;
  } catch {
    return null; // JSON.parse throws for a torn line, and for nothing else
  }
}
