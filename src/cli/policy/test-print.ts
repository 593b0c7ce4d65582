// What tests and cases came to in; for people what failed, where and how, and the counts, out.
import type { TestResult } from '../../policy/compiler/index.ts';
import type { CaseResult } from '../cases/index.ts';
import type { Printer } from '../print.ts';
import { writeIssue, type Shelf } from './report.ts';
import { isFailure, type Report } from './test-run.ts';

export interface View {
  readonly shelf: Shelf;
  readonly isVerbose: boolean;
}

export function printReport(print: Printer, report: Report, { shelf, isVerbose }: View): void {
  const { tests, cases, coverage, inWasm } = report;
  const isShown = ({ outcome }: { readonly outcome: string }): boolean => isVerbose || isFailure(outcome);
  for (const test of tests.filter(isShown)) printTest(print, test, shelf);
  for (const each of cases.filter(isShown)) {
    printCase(print, each, shelf);
    if (isVerbose) printLacking(print, each);
  }
  const share = coverage === null ? '' : `, ${String(coverage)} % of the policies' lines covered`;
  print.line(`${countTests(report)}${countInWasm(inWasm)}${share}`);
  for (const { name, lacking } of inWasm?.onlyInOpa ?? [])
    print.line(print.style('dim', `not in WASM, which lacks ${lacking.join(', ')}: ${name}`));
  if (cases.length > 0) print.line(countCases(cases));
}

function printTest(print: Printer, test: TestResult, shelf: Shelf): void {
  print.line(`${markOf(print, test.outcome)} ${test.package}.${test.name}`);
  if (isFailure(test.outcome)) print.line(writeIssue(print, test, shelf));
  if (test.output !== '') print.line(test.output.trimEnd());
}

function printCase(print: Printer, { name, outcome, failures }: CaseResult, shelf: Shelf): void {
  print.line(`${markOf(print, outcome)} ${name}`);
  for (const failure of failures) {
    print.line(writeIssue(print, failure, shelf));
    if (failure.manners.length > 0)
      print.line(`      ${print.style('dim', `only in ${failure.manners.join('; ')}`)}`);
  }
}

/** Few cases can be told in every dialect: some know nothing but the texts of users. */
function printLacking(print: Printer, { lacking }: CaseResult): void {
  for (const [word, alike] of Map.groupBy(lacking, (each) => each.word)) {
    const dialects = alike.map(({ dialect }) => dialect).join(', ');
    print.line(print.style('dim', `      not where there is no ${word}: ${dialects}`));
  }
}

const countInWasm = (inWasm: Report['inWasm']): string =>
  inWasm === null || inWasm.same.length === 0 ? '' : `, ${String(inWasm.same.length)} the same in WASM`;

const countTests = ({ tests }: Report): string => countOutcomes(tests, ['pass', 'fail', 'error', 'skip']);

function countCases(cases: readonly CaseResult[]): string {
  const tellings = cases.reduce((sum, each) => sum + each.tellings, 0);
  const counts = countOutcomes(cases, ['pass', 'fail', 'error']);
  return `cases: ${counts}, told in ${String(tellings)} ways`;
}

function countOutcomes(
  results: ReadonlyArray<{ readonly outcome: string }>,
  outcomes: readonly string[],
): string {
  return outcomes
    .map((outcome) => ({ outcome, found: results.filter((each) => each.outcome === outcome).length }))
    .filter(({ outcome, found }) => outcome === 'pass' || found > 0)
    .map(({ outcome, found }) => `${String(found)} ${outcome}`)
    .join(', ');
}

const markOf = (print: Printer, outcome: string): string =>
  print.style(isFailure(outcome) ? 'red' : 'green', outcome.toUpperCase());
