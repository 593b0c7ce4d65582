// `postern policy test`: the Rego tests, also in WASM, and the cases of a directory, run; what failed and was covered.
import { textOf, UsageError, type Call, type Command, type Options } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { printCoverage } from './test-coverage.ts';
import { writeJunit } from './test-junit.ts';
import { printReport } from './test-print.ts';
import { hasFailed, runAll, type Report } from './test-run.ts';
import { WORKSPACE_OPTIONS, withWorkspace } from './workspace.ts';

export const testCommand: Command = {
  kind: 'command',
  name: 'test',
  summary: 'run the Rego tests and the cases of policies',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    run: { value: 'REGEX', help: 'only the tests and cases whose name it matches' },
    coverage: { help: 'the share of lines that tests went through, of each file, and the lines they missed' },
    threshold: { value: 'PERCENT', help: 'fail when less of the policies is covered' },
    verbose: { short: 'v', help: 'name what passed too' },
  },
  examples: [
    { line: 'policy test policies', purpose: 'what failed, and how much was covered' },
    { line: 'policy test policies --no-builtin -v', purpose: 'only the own tests, each by name' },
    {
      line: 'policy test policies --run tool --coverage',
      purpose: 'some of them, and the lines that no test reaches',
    },
    {
      line: 'policy test policies --threshold 95 -o junit',
      purpose: 'for CI: a report, and less coverage fails',
    },
  ],
  formats: ['junit'],
  run: test,
};

function test(call: Call): Promise<ExitCode> {
  const { options, print } = call;
  const pattern = readPattern(options);
  const threshold = readThreshold(options);
  return withWorkspace(call, async (workspace) => {
    const report = await runAll(workspace, { pattern, withBuiltin: true });
    if (!report.ok) return workspace.complain(report.error);
    const { coverage } = report.value;
    const isShort = threshold !== null && (coverage ?? 0) < threshold;
    if (options['output'] === 'junit') print.line(writeJunit(report.value, workspace.shelf));
    else if (print.isJson) print.json(describe(report.value, options));
    else {
      if (options['coverage'] === true) printCoverage(print, report.value, workspace.shelf);
      printReport(print, report.value, { shelf: workspace.shelf, isVerbose: options['verbose'] === true });
      if (isShort) complainOfCoverage(print, coverage, threshold);
    }
    return hasFailed(report.value) || isShort ? EXIT.findings : EXIT.fine;
  });
}

const describe = ({ tests, cases, coverage, files, inWasm }: Report, options: Options): object => ({
  tests,
  cases,
  coverage,
  in_wasm: inWasm === null ? null : { same: inWasm.same, only_in_opa: inWasm.onlyInOpa },
  ...(options['coverage'] === true ? { files } : {}),
});

function complainOfCoverage(print: Printer, coverage: number | null, threshold: number): void {
  const found = coverage === null ? 'Nothing' : `${String(coverage)} %`;
  print.line(print.style('red', `${found} of the policies is covered, less than ${String(threshold)} %`));
}

function readPattern(options: Options): RegExp | null {
  const text = textOf(options, 'run');
  if (text === undefined) return null;
  try {
    return new RegExp(text, 'u');
  } catch {
    throw new UsageError('--run is not a regular expression');
  }
}

function readThreshold(options: Options): number | null {
  const text = textOf(options, 'threshold');
  if (text === undefined) return null;
  const percent = Number(text);
  if (text.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new UsageError('--threshold is a number from 0 to 100');
  return percent;
}
