// A workspace in; what its Rego tests (in OPA and in WASM) and its cases came to, and what the tests covered, out.
import {
  buildData,
  NO_SOURCES,
  compareTests,
  compilePolicies,
  type Comparison,
  type FileCoverage,
  type TestReport,
  type TestResult,
} from '../../policy/compiler/index.ts';
import { readBundle, type Bundle, type PolicyIssue } from '../../policy/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { createOpener, readCases, runCases, type CaseResult } from '../cases/index.ts';
import { checkSources } from './check.ts';
import type { Workspace } from './workspace.ts';

export interface Report {
  readonly tests: readonly TestResult[];
  readonly cases: readonly CaseResult[];
  /** Of the lines of the directory's own policies that its Rego tests went through, 0 to 100; null when it has none. */
  readonly coverage: number | null;
  /** The same by file. */
  readonly files: Readonly<Record<string, FileCoverage>>;
  /** Of the directory's own tests, in WASM as the sidecar evaluates it; null where the compiler cannot tell. */
  readonly inWasm: Comparison | null;
}

type Issues = readonly PolicyIssue[];

export interface Choice {
  /** Chooses by name; coverage is that of all tests. */
  readonly pattern: RegExp | null;
  /** Whether the built-in set's tests run too. */
  readonly withBuiltin: boolean;
}

export async function runAll(
  workspace: Workspace,
  { pattern, withBuiltin }: Choice,
): Promise<Result<Report, Issues>> {
  const isMeant = (name: string): boolean => pattern === null || pattern.test(name);
  const checked = await checkSources(workspace);
  if (!checked.ok) return checked;
  const found = readCases(workspace.own.cases);
  if (!found.ok) return found;
  const tested = await runTests(workspace, withBuiltin);
  if (!tested.ok) return tested;
  const meant = found.value.filter(({ name }) => isMeant(name));
  const cases = meant.length === 0 ? ok([]) : await runCasesOf(workspace, meant);
  if (!cases.ok) return cases;
  const tests = tested.value.tests.filter((each) => isMeant(`${each.package}.${each.name}`));
  return ok({ ...tested.value, tests, cases: cases.value });
}

export const hasFailed = ({ tests, cases }: Report): boolean =>
  [...tests, ...cases].some(({ outcome }) => isFailure(outcome));

export const isFailure = (outcome: string): boolean => outcome === 'fail' || outcome === 'error';

export const pickFailures = ({ tests, cases }: Report): Pick<Report, 'tests' | 'cases'> => ({
  tests: tests.filter(({ outcome }) => isFailure(outcome)),
  cases: cases.filter(({ outcome }) => isFailure(outcome)),
});

/** Built-in tests run with built-in data: a team's settings are its own. They were compared when they were written. */
async function runTests(
  { compiler, own, builtin, platform }: Workspace,
  withBuiltin: boolean,
): Promise<Result<Omit<Report, 'cases'>, Issues>> {
  const binding = platform === NO_SOURCES ? null : platform.data;
  const [data, builtinData] = [buildData(builtin.data, own.data, binding), buildData([], builtin.data)];
  if (!data.ok) return data;
  if (!builtinData.ok) return builtinData;
  const library = [...builtin.modules, ...platform.modules].filter((module) => !module.test);
  const modules = [...library, ...own.modules];
  const first = await compiler.test(modules, data.value);
  if (!first.ok) return first;
  const compared = await compareTests(compiler, modules, data.value);
  if (!compared.ok) return compared;
  const second = await compiler.test(withBuiltin ? builtin.modules : [], builtinData.value);
  if (!second.ok) return err(second.error);
  const policies = own.modules.filter((module) => !module.test).map(({ file }) => file);
  const files = pickFiles(first.value, policies);
  const tests = [...markDiffering(first.value.tests, compared.value), ...second.value.tests].sort(byPlace);
  return ok({ tests, files, coverage: measure(Object.values(files)), inWasm: compared.value });
}

/** What a test shows of policies is worth nothing where the sidecar sees something else. */
function markDiffering(tests: readonly TestResult[], compared: Comparison | null): TestResult[] {
  const differing = new Map(compared?.differing.map((difference) => [difference.name, difference]));
  return tests.map((test) => {
    const difference = differing.get(testName(test));
    return difference === undefined ? test : { ...test, ...difference, name: test.name, outcome: 'error' };
  });
}

/** OPA numbers tests of one name, which are one rule. */
const testName = (test: TestResult): string => `${test.package}.${test.name.replace(/#\d+$/, '')}`;

const byPlace = (a: TestResult, b: TestResult): number =>
  `${a.package}.${a.name}` < `${b.package}.${b.name}` ? -1 : 1;

const pickFiles = ({ coverage }: TestReport, names: readonly string[]): Report['files'] =>
  Object.fromEntries(
    names.flatMap((name) => {
      const covered = coverage[name];
      return covered === undefined ? [] : [[name, covered]];
    }),
  );

function measure(files: readonly FileCoverage[]): number | null {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  return lines === 0 ? null : shareOf({ lines, covered });
}

/** In percent, never rounded up to what it is not. */
export const shareOf = ({ lines, covered }: Pick<FileCoverage, 'lines' | 'covered'>): number =>
  lines === 0 ? 100 : Math.floor((1000 * covered) / lines) / 10;

async function runCasesOf(
  workspace: Workspace,
  cases: Parameters<typeof runCases>[0],
): Promise<Result<readonly CaseResult[], Issues>> {
  const bundle = await compileBundle(workspace);
  return bundle.ok ? ok(await runCases(cases, createOpener(bundle.value))) : bundle;
}

async function compileBundle({ own, ...options }: Workspace): Promise<Result<Bundle, Issues>> {
  const bytes = await compilePolicies(own, { ...options, revision: '' });
  if (!bytes.ok) return bytes;
  const bundle = readBundle(bytes.value);
  return bundle.ok ? bundle : err([{ file: '', row: 0, col: 0, ...bundle.error }]);
}
