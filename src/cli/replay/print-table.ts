// A finished replay in; lines for people at a terminal out.
import type { Printer } from '../print.ts';
import { sayResult, tellLog, tellSubject, type Replay } from './print.ts';
import { CHANGES, isDifference, RESULTS, type Report } from './report.ts';

export function printReplay(print: Printer, replay: Replay): void {
  const { report } = replay;
  for (const line of tellLog(replay)) print.line(line);
  print.line(print.style('bold', tellSubject(replay)));
  printSides(print, report);
  printCodes(print, report);
  printUndecidable(print, report);
  printChanged(print, report);
}

function printSides(print: Printer, { sides }: Report): void {
  print.line('');
  for (const result of RESULTS.filter((each) => sides[each] > 0)) {
    const row = `${String(sides[result]).padStart(8)}  ${sayResult(result)}`;
    print.line(isDifference(result) ? print.style('yellow', row) : row);
  }
}

function printCodes(print: Printer, { codes }: Report): void {
  if (codes.length === 0) return;
  const head = ['policy', 'code', ...CHANGES.map(sayResult)];
  const rows = codes.map((each) => [
    each.policy,
    each.code,
    ...CHANGES.map((change) => String(each[change])),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  print.line('');
  for (const row of [head, ...rows])
    print.line(
      row
        .map((cell, column) => alignCell(cell, column, widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

/** Words to the left, numbers to the right. */
const alignCell = (cell: string, column: number, width = 0): string =>
  column < 2 ? cell.padEnd(width) : cell.padStart(width);

function printUndecidable(print: Printer, { undecidable }: Report): void {
  if (undecidable.length === 0) return;
  print.line('\nnot decidable from this log:');
  for (const { policy, fields, sides } of undecidable)
    print.line(`${String(sides).padStart(8)}  ${policy} (it may read ${fields.join(', ')})`);
}

function printChanged(print: Printer, { changed, changedLeftOff }: Report): void {
  if (changed.length === 0) return;
  print.line('');
  for (const { decision_id: id, phase, result, before, after, reasons } of changed) {
    print.line(`${print.style('bold', id)} ${phase}: ${sayResult(result)}, ${before} -> ${after}`);
    for (const reason of reasons) print.line(print.style('dim', `    ${reason}`));
  }
  if (changedLeftOff > 0) print.line(`and ${String(changedLeftOff)} more; name them with --changes`);
}
