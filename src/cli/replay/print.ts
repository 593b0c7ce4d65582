// A finished replay in; the same as one JSON document, and its sentences for people, out.
import type { LogSummary } from './replay-log.ts';
import type { Bundles } from './replay-side.ts';
import type { Report } from './report.ts';

export interface Replay {
  readonly file: string;
  readonly bundles: Bundles;
  readonly summary: LogSummary;
  readonly report: Report;
}

export const describeReplay = ({ file, bundles, summary, report }: Replay): object => ({
  log: { file, ...summary },
  candidate: bundles.candidate.digest,
  baseline: bundles.baseline?.digest ?? null,
  sides: report.sides,
  codes: report.codes,
  undecidable: report.undecidable,
  changed: report.changed,
  changed_left_off: report.changedLeftOff,
});

/** What was compared with what. */
export function tellSubject({ bundles }: Replay): string {
  const { candidate, baseline } = bundles;
  const other = baseline === null ? 'what the log says' : shorten(baseline.digest);
  return `${shorten(candidate.digest)} compared with ${other}`;
}

const shorten = (digest: string): string => digest.slice(0, 12);

/** What was in the log, and what is wrong with it. */
export function tellLog({ file, summary }: Replay): string[] {
  const { decisions, without_facts, foreign, unreadable, chained, chain_breaks, first_break } = summary;
  const told = [`${file}: ${count(decisions, 'decision')}, ${chainOf(chained, chain_breaks)}`];
  if (without_facts > 0)
    told.push(`${count(without_facts, 'decision')} written without audit.facts, left out`);
  if (unreadable > 0) told.push(`${count(unreadable, 'line')} cut short or otherwise unreadable, left out`);
  if (foreign > 0) told.push(`${count(foreign, 'line')} not of Postern, left out`);
  if (first_break !== null)
    told.push(
      `the chain is broken in ${count(chain_breaks, 'place')}, first at line ${String(first_break.line)}: ${first_break.problem}`,
    );
  return told;
}

const chainOf = (chained: number, breaks: number): string =>
  chained === 0 ? 'not chained' : breaks === 0 ? 'their chain holds' : 'their chain is broken';

const count = (amount: number, noun: string): string =>
  `${amount.toLocaleString('en-US')} ${noun}${amount === 1 ? '' : 's'}`;

/** `newly_denied` in words. */
export const sayResult = (result: string): string => result.replaceAll('_', ' ');
