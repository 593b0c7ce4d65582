// What a run of `opa` printed in; the answer of a RegoCompiler out.
import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { READS_EVERYTHING } from '../../gate/decide/index.ts';
import { err, ok } from '../../lib/result.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import type { OpaRun } from './opa-process.ts';
import type { Answer, Compiled, TestReport, TestResult } from './rego-compiler.ts';

/** Where modules lie in the folder of a run. */
export const MODULES = 'modules';

interface OpaError {
  readonly message: string;
  readonly code?: string;
  readonly location?: Place;
}

interface Place {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

export const readCheck = ({ code, stdout, stderr }: OpaRun): Awaited<Answer<null>> =>
  code === 0 ? ok(null) : err(readErrors(stdout, stderr));

export async function readBuild(run: OpaRun): Answer<Compiled> {
  if (run.code !== 0) return err(readErrors(run.stdout, run.stderr));
  const files = parseTar(new Uint8Array(gunzipSync(await run.read('bundle.tar.gz'))));
  const wasm = files.find(({ name }) => name === 'policy.wasm')?.data;
  return wasm === undefined
    ? err(readErrors('', 'no policy.wasm was built'))
    : ok({ wasm, reads: READS_EVERYTHING });
}

export const readText = ({ code, stdout, stderr }: OpaRun): Awaited<Answer<string>> =>
  code === 0 ? ok(stdout) : err(readErrors('', stderr));

interface OpaTest {
  readonly location: Place;
  readonly package: string;
  readonly name: string;
  readonly fail?: boolean;
  readonly skip?: boolean;
  readonly error?: OpaError;
  readonly output?: string;
}

export function readTests({ stdout, stderr }: OpaRun): Awaited<Answer<TestReport>> {
  const tests = parse(stdout);
  if (!Array.isArray(tests)) return err(readErrors(stdout, stderr));
  return ok({ tests: (tests as readonly OpaTest[]).map(readTest), coverage: {} });
}

const readTest = ({ location, package: path, name, ...found }: OpaTest): TestResult => ({
  ...placeOf(location),
  code: found.error?.code ?? '',
  message: found.error?.message ?? '',
  package: path,
  name,
  outcome: outcomeOf(found),
  output: Buffer.from(found.output ?? '', 'base64').toString(),
});

function outcomeOf({ fail, skip, error }: Pick<OpaTest, 'fail' | 'skip' | 'error'>): TestResult['outcome'] {
  if (skip === true) return 'skip';
  if (error !== undefined) return 'error';
  return fail === true ? 'fail' : 'pass';
}

interface OpaResults {
  readonly result?: ReadonlyArray<{ readonly expressions: ReadonlyArray<{ readonly value: unknown }> }>;
  readonly errors?: unknown;
}

export function readResults({ stdout, stderr }: OpaRun): Awaited<Answer<readonly unknown[]>> {
  const answer = parse(stdout) as OpaResults | null;
  if (answer === null || answer.errors !== undefined) return err(readErrors(stdout, stderr));
  return ok((answer.result ?? []).flatMap(({ expressions }) => expressions.map(({ value }) => value)));
}

function readErrors(stdout: string, stderr: string): readonly PolicyIssue[] {
  const { errors = [] } = (parse(stdout) ?? parse(stderr) ?? {}) as { errors?: readonly OpaError[] };
  if (errors.length === 0) return [wholeIssue('opa.failed', stderr.trim() || 'opa gave no reason.')];
  return errors.map(({ message, code = 'opa.error', location }) => ({ ...placeOf(location), code, message }));
}

function placeOf(place: Place | undefined): Place {
  if (place === undefined) return { file: '', row: 0, col: 0 };
  const { file, row, col } = place;
  return { file: file.startsWith(`${MODULES}/`) ? file.slice(MODULES.length + 1) : file, row, col };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
