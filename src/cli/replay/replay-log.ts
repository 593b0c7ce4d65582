// The lines of an audit log in; every decision among them replayed, and what became of the lines themselves, out.
import { ChainWalk, linkOf, parseLine } from '../../gate/record/index.ts';
import { readEntry, type EntryReading } from './read-entry.ts';
import type { Line } from './read-lines.ts';
import { replaySide, type Bundles } from './replay-side.ts';
import type { Report } from './report.ts';

export interface LogSummary {
  lines: number;
  decisions: number;
  /** Decisions that were written without facts: nobody else can be asked about them. */
  without_facts: number;
  /** Entries of ours that tell of no decision. */
  other: number;
  /** What is no entry of ours. */
  foreign: number;
  /** Cut short, too long or no JSON. */
  unreadable: number;
  /** Entries that are chained; 0 when the log has no chain. */
  chained: number;
  chain_breaks: number;
  /** Of the first break, counted from 1. */
  first_break: { readonly line: number; readonly problem: string } | null;
}

export class LogReplay {
  readonly summary: LogSummary = {
    lines: 0,
    decisions: 0,
    without_facts: 0,
    other: 0,
    foreign: 0,
    unreadable: 0,
    chained: 0,
    chain_breaks: 0,
    first_break: null,
  };
  readonly #bundles: Bundles;
  readonly #report: Report;
  /** A log may have been rotated: what stood before it is not known. */
  readonly #walk = new ChainWalk(null);

  constructor(bundles: Bundles, report: Report) {
    this.#bundles = bundles;
    this.#report = report;
  }

  take({ bytes }: Line): void {
    this.summary.lines += 1;
    if (bytes === null) this.#walk.skip();
    const value = bytes === null ? undefined : parseLine(bytes.toString());
    if (bytes !== null) this.#follow(bytes, value);
    if (value === undefined) this.summary.unreadable += 1;
    else this.#read(readEntry(value));
  }

  #follow(bytes: Buffer, value: unknown): void {
    const link = linkOf(value);
    const problem = this.#walk.step(bytes, link);
    if (link !== null) this.summary.chained += 1;
    if (problem === null) return;
    this.summary.chain_breaks += 1;
    this.summary.first_break ??= { line: this.summary.lines, problem };
  }

  #read(entry: EntryReading): void {
    if (entry.kind !== 'side') {
      this.summary[entry.kind] += 1;
      return;
    }
    const { side } = entry;
    this.summary.decisions += 1;
    if (side.facts === null) this.summary.without_facts += 1;
    else this.#report.add(side, this.summary.lines, replaySide(side, side.facts, this.#bundles));
  }
}
