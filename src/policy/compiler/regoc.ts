// The compiler as a WASI module in, the same as a RegoCompiler out. It is given no files, environment or network.
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { WASI } from 'node:wasi';
import { brotliDecompressSync } from 'node:zlib';
import { READS_EVERYTHING, type Reads } from '../../gate/decide/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { PolicyIssue } from '../issue.ts';
import {
  ENTRYPOINT,
  type Answer,
  type Explanation,
  type FileCoverage,
  type LintReport,
  type Offer,
  type PackageFacts,
  type PackageNotes,
  type PolicyOutline,
  type RegoCompiler,
  type RuleFacts,
  type TestResult,
  type Twin,
} from './rego-compiler.ts';
import { createHost } from './regoc-host.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly allocate: (bytes: number) => number;
  readonly call: () => number;
  readonly result: () => number;
}

/** The answer as it stands on the wire; what is empty is left out. */
interface Wire {
  readonly version: string;
  readonly fault?: string;
  readonly issues?: readonly PolicyIssue[];
  readonly wasm?: string;
  readonly reads?: Reads;
  readonly packages?: readonly WirePackage[];
  readonly formatted?: Readonly<Record<string, string>>;
  readonly tests?: ReadonlyArray<Omit<TestResult, 'output'> & { readonly output?: string }>;
  readonly coverage?: Readonly<Record<string, FileCoverage>>;
  readonly results?: readonly unknown[];
  readonly lint?: LintReport;
  readonly outlines?: readonly PolicyOutline[];
  readonly explanation?: Explanation;
  readonly twins?: ReadonlyArray<Omit<Twin, 'fault' | 'lacking'> & Partial<Twin>>;
}

interface WirePackage extends Omit<PackageFacts, 'rules' | 'metadata'> {
  readonly rules: ReadonlyArray<Omit<RuleFacts, 'isSet'> & { readonly is_set: boolean }>;
  readonly metadata?: Omit<PackageNotes, 'custom'> & { readonly custom: PackageNotes['custom'] | null };
}

export async function openRegoc(file: string, offer: Offer): Promise<RegoCompiler> {
  const exports = await start(file);
  const ask = (operation: string, request: object = {}): Result<Wire, readonly PolicyIssue[]> => {
    const answer = exchange(exports, { operation, ...offer, entrypoint: ENTRYPOINT, ...request });
    if (answer.fault !== undefined) throw new Error(`The Rego compiler failed: ${answer.fault}`);
    return answer.issues === undefined ? ok(answer) : err(answer.issues);
  };
  const askFor = async <T>(operation: string, request: object, pick: (answer: Wire) => T): Answer<T> => {
    const answer = ask(operation, request);
    return answer.ok ? ok(pick(answer.value)) : answer;
  };
  return {
    name: `opa ${exchange(exports, {}).version}`,
    inspect: (modules) => askFor('inspect', { modules }, ({ packages = [] }) => packages.map(readPackage)),
    build: (modules) =>
      askFor('build', { modules }, ({ wasm = '', reads = READS_EVERYTHING }) => ({
        wasm: Buffer.from(wasm, 'base64'),
        reads,
      })),
    check: (modules) => askFor('check', { modules }, () => null),
    format: (modules) => askFor('fmt', { modules }, ({ formatted = {} }) => formatted),
    test: (modules, data) =>
      askFor('test', { modules, data }, ({ tests = [], coverage = {} }) => ({
        tests: tests.map((test) => ({ output: '', ...test })),
        coverage,
      })),
    lint: (modules, library) =>
      askFor('lint', { modules, library }, ({ lint = { found: [], rules: [] } }) => lint),
    outline: (modules, library) => askFor('outline', { modules, library }, ({ outlines = [] }) => outlines),
    explain: (question) =>
      askFor('explain', question, ({ explanation = { result: undefined, rules: [] } }) => explanation),
    twins: (modules, data) =>
      askFor('twins', { modules, data }, ({ twins = [], wasm = '' }) => ({
        tests: twins.map((twin) => ({ fault: '', lacking: [], ...twin })),
        wasm: Buffer.from(wasm, 'base64'),
      })),
    evaluate: (question) => askFor('eval', question, ({ results = [] }) => results),
  };
}

/** The process ends before optimised code pays: this saves it two thirds of the time and a third of the memory. */
const COMPILE_ONCE = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

async function start(file: string): Promise<Exports> {
  for (const flag of COMPILE_ONCE) setFlagsFromString(flag);
  const bytes = await readFile(file);
  const module = await WebAssembly.compile(file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes);
  const wasi = new WASI({ version: 'preview1' });
  const postern = createHost(() => exports.memory);
  const instance = await WebAssembly.instantiate(module, { ...wasi.getImportObject(), postern });
  const exports = instance.exports as unknown as Exports;
  wasi.initialize(instance);
  return exports;
}

function exchange({ memory, allocate, call, result }: Exports, request: object): Wire {
  const bytes = Buffer.from(JSON.stringify(request));
  const address = allocate(bytes.byteLength);
  // A new view each time: the memory moves when it grows.
  Buffer.from(memory.buffer).set(bytes, address);
  const length = call();
  const answer = Buffer.from(memory.buffer, result(), length).toString();
  return JSON.parse(answer) as Wire;
}

const readPackage = ({ rules, metadata, ...facts }: WirePackage): PackageFacts => ({
  ...facts,
  rules: rules.map(({ is_set: isSet, ...rule }) => ({ ...rule, isSet })),
  metadata: metadata === undefined ? null : { ...metadata, custom: metadata.custom ?? {} },
});
