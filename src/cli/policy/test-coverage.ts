// What tests covered of each file in, a line a file with the lines that they missed out.
import type { Printer } from '../print.ts';
import type { Shelf } from './report.ts';
import { shareOf, type Report } from './test-run.ts';

export function printCoverage(print: Printer, { files }: Report, shelf: Shelf): void {
  for (const [file, covered] of Object.entries(files)) {
    const share = shareOf(covered);
    const head = `${`${String(share)} %`.padStart(7)}  ${shelf.pathOf(file)}`;
    print.line(share === 100 ? head : print.style('bold', head));
    for (const row of covered.missed) print.line(quote(print, row, shelf.textOf(file)));
  }
}

function quote(print: Printer, row: number, text: string | undefined): string {
  const line = text?.split('\n')[row - 1] ?? '';
  return `${print.style('dim', `${String(row).padStart(11)} |`)} ${line}`;
}
