// What a Rego compiler can be asked. Two can answer: OPA's packages as a WASI module, and an `opa` on PATH.
import type { Reads } from '../../gate/decide/index.ts';
import type { Result } from '../../lib/result.ts';
import type { PolicyIssue } from '../issue.ts';

export interface RegoModule {
  readonly file: string;
  readonly text: string;
  /** Never shipped, and may use every built-in. */
  readonly test: boolean;
}

/** What policies may refer to. */
export interface Offer {
  /** The built-ins, as OPA describes them. */
  readonly capabilities: object;
  /** Of the input; without it that may be anything. */
  readonly schema?: object;
}

export type Answer<T> = Promise<Result<T, readonly PolicyIssue[]>>;

export interface RegoCompiler {
  /** Name and version, e.g. `opa 1.22.2`. */
  readonly name: string;
  /** What each module says of its package, in the order given. */
  inspect(modules: readonly RegoModule[]): Answer<readonly PackageFacts[]>;
  build(modules: readonly RegoModule[]): Answer<Compiled>;
  check(modules: readonly RegoModule[]): Answer<null>;
  /** File -> text as it should be, for the files where it is not. */
  format(modules: readonly RegoModule[]): Answer<Readonly<Record<string, string>>>;
  test(modules: readonly RegoModule[], data: object): Answer<TestReport>;
  /** What compiles in the modules and is still wrong, knowing the library; null where the compiler cannot tell. */
  readonly lint:
    | ((modules: readonly RegoModule[], library: readonly RegoModule[]) => Answer<LintReport>)
    | null;
  /** What each policy of the modules says and reads, knowing the library; null where the compiler cannot tell. */
  readonly outline:
    | ((modules: readonly RegoModule[], library: readonly RegoModule[]) => Answer<readonly PolicyOutline[]>)
    | null;
  /** One value for each way in which the query holds. */
  evaluate(question: Question): Answer<readonly unknown[]>;
  /** What each test says in OPA, and one module that says it in WASM; null where the compiler cannot make it. */
  readonly twins: ((modules: readonly RegoModule[], data: object) => Answer<Twins>) | null;
  /** Why each rule of the policies gave its verdicts, or none; null where the compiler cannot tell. */
  readonly explain: ((question: Omit<Question, 'query'>) => Answer<Explanation>) | null;
}

export interface PackageFacts {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly path: readonly string[];
  readonly rules: readonly RuleFacts[];
  readonly metadata: PackageNotes | null;
}

export interface RuleFacts {
  readonly name: string;
  readonly row: number;
  readonly col: number;
  /** Whether it adds to a set: `name contains value`. */
  readonly isSet: boolean;
  /** Of `default name := value`; that of `default name.key := value` is an object. */
  readonly default?: unknown;
}

/** METADATA of package scope, as written. */
export interface PackageNotes {
  readonly row: number;
  readonly col: number;
  readonly title: string;
  readonly description: string;
  readonly custom: Readonly<Record<string, unknown>>;
}

export interface Compiled {
  readonly wasm: Uint8Array;
  readonly reads: Reads;
}

export interface LintReport {
  /** Each with the id of a rule as its code. */
  readonly found: readonly PolicyIssue[];
  /** Everything that is looked for. */
  readonly rules: readonly LintRule[];
}

export interface LintRule {
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** Rules of one family have one reason. */
  readonly family: string;
  readonly why: string;
  readonly fix: string;
  /** Rego in which it is found; empty where an example would be long. */
  readonly bad: string;
  readonly good: string;
}

export interface PolicyOutline {
  readonly policy: string;
  /** METADATA's custom.id; empty when there is none. */
  readonly id: string;
  /** What is put together while it is evaluated is left empty. */
  readonly says: ReadonlyArray<{ readonly action: string; readonly code: string; readonly message: string }>;
  /** Below `data.config`, dotted. */
  readonly settings: readonly string[];
  /** Codes of findings; a family ends in `*`. */
  readonly findings: readonly string[];
}

export interface TestReport {
  readonly tests: readonly TestResult[];
  /** By file. */
  readonly coverage: Readonly<Record<string, FileCoverage>>;
}

/** The place is that of the test, or of the expression in it that did not hold. */
export interface TestResult extends PolicyIssue {
  readonly package: string;
  readonly name: string;
  readonly outcome: 'pass' | 'fail' | 'error' | 'skip';
  /** What it printed. */
  readonly output: string;
}

export interface FileCoverage {
  readonly lines: number;
  readonly covered: number;
  readonly missed: readonly number[];
}

export interface Question {
  readonly modules: readonly RegoModule[];
  readonly data: object;
  readonly input: unknown;
  readonly query: string;
}

export interface Explanation {
  /** What the policies said together, as OPA's own evaluator has it. */
  readonly result: unknown;
  /** Every definition of a set that policies export. */
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedRule {
  readonly policy: string;
  /** `verdicts`, or sugar for it. */
  readonly name: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly given: ReadonlyArray<{ readonly value: unknown; readonly facts: readonly Fact[] }>;
  /** The expression that did not hold, of those the rule got to the last; only where nothing was given. */
  readonly stuck?: { readonly row: number; readonly col: number; readonly facts: readonly Fact[] };
}

/** A place in input or data that was read. */
export interface Fact {
  readonly path: string;
  readonly value: unknown;
  readonly undefined?: boolean;
}

export interface Twins {
  readonly tests: readonly Twin[];
  /** Answers `{values}` for the number of a test, and is empty when it holds none. */
  readonly wasm: Uint8Array;
}

export interface Twin {
  /** `data.<package>.<test>`. */
  readonly name: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  /** Holds the value, and nothing when it is undefined. */
  readonly values: readonly unknown[];
  /** The code of an evaluation that failed; empty when it did not. */
  readonly fault: string;
  /** Built-ins it needs that policies are not offered; then the module leaves it out. */
  readonly lacking: readonly string[];
}

/** Where in the input the module finds which test is meant. */
export const TEST_NUMBER = '@postern/test';

/** The one thing that is asked of a bundle. */
export const ENTRYPOINT = 'postern/main/result';
