// Nothing in, the cases that OPA tests itself by out, compiled by `make conformance`; null where it was not run.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from '../../src/policy/compiler/index.ts';

export interface ConformanceSuite {
  readonly version: string;
  readonly groups: readonly CaseGroup[];
  /** Cases that are in no module. */
  readonly refused: ReadonlyArray<{ readonly note: string; readonly lacking: readonly string[] | null }>;
  readonly capabilities: { readonly builtins: readonly Builtin[] };
}

export interface CaseGroup {
  readonly module: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly cases: readonly OpaCase[];
}

export interface OpaCase {
  readonly note: string;
  readonly input: object;
  readonly want: unknown;
  /** There is to be no answer at all. */
  readonly fails: boolean;
}

export interface Builtin {
  readonly name: string;
  readonly infix?: string;
  readonly deprecated?: boolean;
  readonly nondeterministic?: boolean;
  readonly decl: {
    readonly args?: ReadonlyArray<{ readonly type: string }>;
    readonly result?: object;
  };
}

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'build/conformance');

export function readSuite(): ConformanceSuite | null {
  const file = join(BUILT, 'suite.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ConformanceSuite) : null;
}

export const readModule = ({ module }: CaseGroup): Uint8Array => readFileSync(join(BUILT, module));

/** What people keep, with their reasons. */
export function readPinned(name: string): unknown {
  const file = join(ROOT, 'test/conformance', name);
  const parsed = parseDocument(file, readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}
