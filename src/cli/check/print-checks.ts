// Answers to checks in; a page for people, the few lines that matter, or one JSON document, out.
import type { Printer } from '../print.ts';
import type { Check, Finding } from './check.ts';

export interface Answer extends Finding {
  readonly section: string;
  readonly check: Check;
}

const MARKS = { ok: '√', warning: '‼', failed: '×', skipped: '-' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const;

/** The anchors are there because the page is made from the checks. */
const hintOf = ({ id }: Check): string => `docs/checks.md#${id}`;

export function printPage(print: Printer, answers: readonly Answer[]): void {
  for (const [section, group] of Map.groupBy(answers, (answer) => answer.section)) {
    print.line(print.style('bold', section));
    for (const answer of group) printAnswer(print, answer);
    print.line('');
  }
  print.line(summarise(print, answers));
}

function printAnswer(print: Printer, { check, status, lines }: Answer): void {
  const [first, ...more] = lines;
  const isWell = status === 'ok';
  const beside = isWell && first !== undefined ? print.style('dim', ` (${first})`) : '';
  print.line(`${print.style(COLOURS[status], MARKS[status])} ${check.title}${beside}`);
  if (isWell) return;
  for (const line of [first ?? '', ...more]) print.line(`    ${line}`);
  if (status !== 'skipped') print.line(`    see ${hintOf(check)}`);
}

function summarise(print: Printer, answers: readonly Answer[]): string {
  const count = (status: Finding['status']): number =>
    answers.filter((answer) => answer.status === status).length;
  const [broken, odd, left] = [count('failed'), count('warning'), count('skipped')];
  const parts = [
    `${String(count('ok'))} well`,
    `${String(odd)} warnings`,
    `${String(broken)} failed`,
    `${String(left)} skipped`,
  ];
  return print.style(broken > 0 ? 'red' : odd > 0 ? 'yellow' : 'green', parts.join(', '));
}

/** Only what is not well: nothing where all is. */
export function printShort(print: Printer, answers: readonly Answer[]): void {
  for (const { check, status, lines } of answers)
    if (status === 'failed' || status === 'warning')
      print.line(`${print.style(COLOURS[status], status)}  ${check.id}: ${lines.join('; ')}`);
}

export const writeJson = (answers: readonly Answer[]): object => ({
  isWell: answers.every(({ status }) => status !== 'failed'),
  checks: answers.map(({ section, check, status, lines }) => ({
    id: check.id,
    section,
    title: check.title,
    status,
    lines,
    hint: hintOf(check),
  })),
});
