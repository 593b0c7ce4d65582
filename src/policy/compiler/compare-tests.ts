// Rego tests in; for each whether WASM, as the sidecar evaluates it, says what OPA says, out.
import { PosternError } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { findTextOnPart } from '../builtins/index.ts';
import { openEvaluator, type Evaluator } from '../evaluator.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import { TEST_NUMBER, type RegoCompiler, type RegoModule, type Twin } from './rego-compiler.ts';

export interface Comparison {
  /** The names of tests that say the same. */
  readonly same: readonly string[];
  readonly differing: readonly Difference[];
  /** Tests that need built-ins which policies are not offered. */
  readonly onlyInOpa: ReadonlyArray<Pick<Twin, 'name' | 'lacking'>>;
}

export interface Difference extends PolicyIssue {
  readonly name: string;
}

/** Null where the compiler cannot tell. */
export async function compareTests(
  compiler: RegoCompiler,
  modules: readonly RegoModule[],
  data: Readonly<Record<string, unknown>>,
): Promise<Result<Comparison | null, readonly PolicyIssue[]>> {
  if (compiler.twins === null) return ok(null);
  const twins = await compiler.twins(modules, data);
  if (!twins.ok) return twins;
  const { tests, wasm } = twins.value;
  const onlyInOpa = tests.filter(({ lacking }) => lacking.length > 0);
  if (onlyInOpa.length === tests.length) return ok({ same: [], differing: [], onlyInOpa });
  const { meterModule } = await import('./meter.ts');
  try {
    const evaluator = await openEvaluator({ wasm: meterModule(wasm), data }, findTextOnPart);
    return ok({ ...askAll(tests, evaluator), onlyInOpa });
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return err([wholeIssue('test.wasm', `The tests cannot be asked in WASM: ${error.message}`)]);
  }
}

function askAll(tests: readonly Twin[], evaluator: Evaluator): Pick<Comparison, 'same' | 'differing'> {
  const same: string[] = [];
  const differing: Difference[] = [];
  for (const [number, test] of tests.entries()) {
    if (test.lacking.length > 0) continue;
    const [opa, wasm] = [tell(test), ask(evaluator, number)];
    if (opa === wasm) same.push(test.name);
    else differing.push(describe(test, `OPA says ${opa}, WASM says ${wasm}`));
  }
  return { same, differing };
}

function ask(evaluator: Evaluator, number: number): string {
  try {
    return tell({ fault: '', ...(evaluator.evaluate({ [TEST_NUMBER]: number }) as Pick<Twin, 'values'>) });
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return FAILED;
  }
}

const describe = ({ name, file, row, col }: Twin, message: string): Difference => ({
  name,
  file,
  row,
  col,
  code: 'test.differs',
  message,
});

const FAILED = 'that it cannot be evaluated';

function tell({ values: [value], fault }: Pick<Twin, 'values' | 'fault'>): string {
  if (fault !== '') return FAILED;
  return value === undefined ? 'undefined' : writeCanonical(value);
}

/** Sets have no order, and JSON does not tell them from lists. */
function writeCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).sort().join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${writeCanonical(item)}`,
  );
  return `{${fields.sort().join(', ')}}`;
}
