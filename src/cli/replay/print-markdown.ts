// A finished replay in; a summary for a pull request, in GitHub's Markdown, out.
import { sayResult, tellLog, tellSubject, type Replay } from './print.ts';
import { CHANGES, isDifference, RESULTS, type Report } from './report.ts';

export function writeMarkdown(replay: Replay): string {
  const { report } = replay;
  const differences = RESULTS.filter(isDifference).reduce((sum, result) => sum + report.sides[result], 0);
  const many = `${String(differences)} decision${differences === 1 ? ' changes' : 's change'}`;
  const verdict = differences === 0 ? 'nothing changes' : many;
  const blocks = [
    `### Replay of recorded traffic: ${verdict}`,
    [`Policies ${tellSubject(replay)}.`, ...tellLog(replay).map((line) => `${escape(line)}.`)].join('  \n'),
    writeTable(
      ['decisions', 'result'],
      RESULTS.filter((result) => report.sides[result] > 0).map((result) => [
        String(report.sides[result]),
        sayResult(result),
      ]),
    ),
    ...writeCodes(report),
    ...writeUndecidable(report),
    ...writeChanged(report),
  ];
  return blocks.join('\n\n');
}

function writeCodes({ codes }: Report): string[] {
  const rows = codes.map((each) => [
    each.policy,
    each.code,
    ...CHANGES.map((change) => String(each[change])),
  ]);
  return rows.length === 0 ? [] : [writeTable(['policy', 'code', ...CHANGES.map(sayResult)], rows)];
}

function writeUndecidable({ undecidable }: Report): string[] {
  const rows = undecidable.map(({ policy, fields, sides }) => [policy, fields.join(', '), String(sides)]);
  return rows.length === 0
    ? []
    : [writeTable(['not decidable from this log', 'it may read', 'decisions'], rows)];
}

function writeChanged({ changed, changedLeftOff }: Report): string[] {
  if (changed.length === 0) return [];
  const rows = changed.map(({ decision_id: id, phase, result, before, after, reasons }) => [
    id,
    phase,
    sayResult(result),
    `${before} → ${after}`,
    reasons.join(', '),
  ]);
  const more = changedLeftOff === 0 ? '' : `\n\nand ${String(changedLeftOff)} more`;
  const table = writeTable(['decision', 'phase', 'result', 'action', 'reasons'], rows);
  return [`<details><summary>The decisions that change</summary>\n\n${table}${more}\n\n</details>`];
}

const writeTable = (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(escape).join(' | ')} |`).join('\n');

/** A log may hold anything; in a comment it is to be text. */
const escape = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]<>()#+!|&~]/g, '\\$&').replaceAll(/\s+/g, ' ');
