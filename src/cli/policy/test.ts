// `postern policy test`: the Rego tests of a directory and the built-in ones, run; what failed and what was covered.
import { buildData, type TestReport, type TestResult } from '../../policy/compiler/index.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { writeIssue, type Shelf } from './report.ts';
import { WORKSPACE_OPTIONS, withWorkspace, type Workspace } from './workspace.ts';

export const testCommand: Command = {
  kind: 'command',
  name: 'test',
  summary: 'run the Rego tests of policies',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    verbose: { short: 'v', help: 'name the tests that passed too' },
  },
  examples: [
    { line: 'policy test policies', purpose: 'what failed, and how much was covered' },
    { line: 'policy test policies --no-builtin -v', purpose: 'only the own tests, each by name' },
  ],
  run: test,
};

interface Summary {
  readonly tests: readonly TestResult[];
  /** Of the lines of the directory's own policies, 0 to 100; null when it has none. */
  readonly coverage: number | null;
}

function test({ operands, options, print }: Call): Promise<ExitCode> {
  return withWorkspace({ operands, options, print }, async (workspace) => {
    const summary = await runTests(workspace);
    if (!summary.ok) return workspace.complain(summary.error);
    const { tests, coverage } = summary.value;
    const failed = tests.filter(isFailure);
    if (print.isJson) print.json({ tests, coverage });
    else
      printTests(print, {
        shelf: workspace.shelf,
        summary: summary.value,
        isVerbose: options['verbose'] === true,
      });
    return failed.length === 0 ? EXIT.fine : EXIT.findings;
  });
}

const isFailure = ({ outcome }: TestResult): boolean => outcome === 'fail' || outcome === 'error';

/** Built-in tests run with built-in data: a team's settings are its own. */
async function runTests({
  compiler,
  own,
  builtin,
  platform,
}: Workspace): Promise<Result<Summary, readonly PolicyIssue[]>> {
  const [data, builtinData] = [buildData(builtin.data, own.data, platform.data), buildData([], builtin.data)];
  if (!data.ok) return data;
  if (!builtinData.ok) return builtinData;
  const library = [...builtin.modules, ...platform.modules].filter((module) => !module.test);
  const first = await compiler.test([...library, ...own.modules], data.value);
  if (!first.ok) return first;
  const second = await compiler.test(builtin.modules, builtinData.value);
  if (!second.ok) return err(second.error);
  const policies = own.modules.filter((module) => !module.test).map(({ file }) => file);
  const tests = [...first.value.tests, ...second.value.tests].sort(byPlace);
  return ok({ tests, coverage: measure(first.value, policies) });
}

const byPlace = (a: TestResult, b: TestResult): number =>
  `${a.package}.${a.name}` < `${b.package}.${b.name}` ? -1 : 1;

function measure({ coverage }: TestReport, files: readonly string[]): number | null {
  const found = files.flatMap((file) => coverage[file] ?? []);
  const lines = found.reduce((sum, file) => sum + file.lines, 0);
  const covered = found.reduce((sum, file) => sum + file.covered, 0);
  return lines === 0 ? null : Math.floor((1000 * covered) / lines) / 10;
}

interface Shown {
  readonly shelf: Shelf;
  readonly summary: Summary;
  readonly isVerbose: boolean;
}

function printTests(print: Printer, { shelf, summary, isVerbose }: Shown): void {
  const { tests, coverage } = summary;
  for (const result of tests) {
    if (!isFailure(result) && !isVerbose) continue;
    print.line(`${markOf(print, result)} ${result.package}.${result.name}`);
    if (isFailure(result)) print.line(writeIssue(print, result, shelf));
    if (result.output !== '') print.line(result.output.trimEnd());
  }
  const count = (outcome: TestResult['outcome']): number =>
    tests.filter((each) => each.outcome === outcome).length;
  const counts = (['pass', 'fail', 'error', 'skip'] as const)
    .map((outcome) => ({ outcome, found: count(outcome) }))
    .filter(({ outcome, found }) => outcome === 'pass' || found > 0)
    .map(({ outcome, found }) => `${String(found)} ${outcome}`);
  const share = coverage === null ? '' : `, ${String(coverage)} % of the policies' lines covered`;
  print.line(`${counts.join(', ')}${share}`);
}

const markOf = (print: Printer, result: TestResult): string =>
  print.style(isFailure(result) ? 'red' : 'green', result.outcome.toUpperCase());
