// A bundle in, its policies ready to be asked out: then an object in, what `postern/main/result` says to it out.
import { isNativeError } from 'node:util/types';
import { PosternError, type FailureCode } from '../exchange/index.ts';
import {
  findTextOfMessage,
  listHostBuiltins,
  TextBuiltins,
  type FindText,
  type Texts,
} from './builtins/index.ts';
import type { Bundle } from './bundle.ts';
import { FUEL_GLOBAL, fuelFor } from './fuel.ts';
import {
  ask,
  instanceOf,
  isOutOfFuel,
  layUp,
  loadPolicy,
  startInstance,
  type Image,
  type Instance,
  type Question,
} from './instance.ts';

export interface Evaluator {
  /**
   * `texts` are those that the input is about, for policies that have the host look into them.
   * @throws PosternError POSTERN_E_POLICY_* when there is no result. It holds no content.
   */
  evaluate(input: object, texts?: Texts): object;
}

const ENTRYPOINT = 'postern/main/result';
const KIB = 1024;
const MIB = 1024 * KIB;
/** Of some six thousand turns. */
const LARGEST_INPUT_BYTES = MIB;
const LARGEST_ANSWER_BYTES = 256 * KIB;
/** Memory never shrinks: an instance that grew by more than this is let go. */
const GROWTH_LIMIT_BYTES = 16 * MIB;
/** Of ABI 1.2, which starts each evaluation from the same heap; and what our compiler adds. */
const EXPORTS = ['opa_wasm_abi_version', 'opa_wasm_abi_minor_version', 'opa_eval', FUEL_GLOBAL] as const;
/** What OPA's allocator says when there is no more memory. */
const NO_MEMORY = 'opa_malloc: failed';

/** A module with its data, and the number of its entrypoint. */
interface Program {
  readonly entrypoint: number;
  /** What its data was laid up in: good for one question, so that no other is started for that. */
  readonly first: Instance;
  start(this: void): Instance;
  isLarge(this: void, instance: Instance): boolean;
}

/** @throws PosternError POSTERN_E_POLICY_* when the module is not one that can be asked. */
export async function openEvaluator(
  { wasm, data }: Pick<Bundle, 'wasm' | 'data'>,
  findText: FindText = findTextOfMessage,
): Promise<Evaluator> {
  const module = await WebAssembly.compile(new Uint8Array(wasm)).catch(() =>
    fail('The module is not WebAssembly.'),
  );
  checkExports(module);
  const builtins = new TextBuiltins(findText);
  const { entrypoint, first, start, isLarge } = attempt('The module could not be started', () =>
    openProgram(module, data, builtins),
  );
  checkFuel(first, entrypoint);
  let kept: Instance | null = start();
  return {
    evaluate: (input, texts = []) => {
      const question = { ...writeQuestion(input), entrypoint };
      const instance = kept ?? start();
      // Kept only after success: what threw may have left the instance in any state.
      kept = null;
      const answer = attempt(
        'The evaluation was given up',
        () => builtins.serve(texts, () => ask(instance, question)),
        () => isOutOfFuel(instance),
      );
      if (!isLarge(instance)) kept = instance;
      return readResult(answer);
    },
  };
}

function openProgram(module: WebAssembly.Module, data: object, { functions }: TextBuiltins): Program {
  const policy = loadPolicy(module, functions);
  const missing = listHostBuiltins(policy).filter((name) => !Object.hasOwn(functions, name));
  if (missing.length > 0) fail(`The module needs built-ins that are not offered: ${missing.join(', ')}.`);
  const entrypoint = new Map(Object.entries(policy.entrypoints as Record<string, number>)).get(ENTRYPOINT);
  if (entrypoint === undefined) return fail(`The module has no entrypoint ${ENTRYPOINT}.`);
  const image: Image = layUp(policy, data);
  const limitBytes = image.memoryBytes + GROWTH_LIMIT_BYTES;
  return {
    entrypoint,
    first: instanceOf(policy, image),
    start: () => startInstance(module, image, functions),
    isLarge: ({ memory }) => memory.buffer.byteLength > limitBytes,
  };
}

function checkExports(module: WebAssembly.Module): void {
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const missing = EXPORTS.filter((name) => !names.has(name));
  if (missing.length === 0) return;
  if (missing.join() === FUEL_GLOBAL)
    fail('The module is not metered: build it with `postern policy build`.');
  fail('The module is not one of OPA, or too old.');
}

/** Not only that there is a counter: that the module stops by it. */
function checkFuel(instance: Instance, entrypoint: number): void {
  try {
    ask(instance, { ...writeQuestion({}), entrypoint, fuel: 0 });
  } catch {
    // Whatever it is: the counter tells whether it was the right thing.
  }
  if (!isOutOfFuel(instance)) fail('The module does not stop when its fuel is spent.');
}

function writeQuestion(input: object): Omit<Question, 'entrypoint'> {
  if (!isPlainObject(input)) return fail('The input is not a plain object.');
  const text = attempt('The input is not JSON', () => JSON.stringify(input));
  const inputBytes = Buffer.byteLength(text);
  if (inputBytes > LARGEST_INPUT_BYTES) {
    fail(`Limit: ${String(LARGEST_INPUT_BYTES / MIB)} MiB.`, 'POSTERN_E_POLICY_INPUT');
  }
  return { input: text, inputBytes, fuel: fuelFor(inputBytes), largestAnswerBytes: LARGEST_ANSWER_BYTES };
}

/** `[{result}]`; an undefined result is an empty list. */
function readResult(answer: string | null): object {
  if (answer === null) {
    return fail(`Limit: ${String(LARGEST_ANSWER_BYTES / KIB)} KiB.`, 'POSTERN_E_POLICY_RESULT');
  }
  const results = attempt('The result is not JSON', () => JSON.parse(answer) as unknown);
  const result: unknown = Array.isArray(results)
    ? (results[0] as { result?: unknown } | undefined)?.result
    : undefined;
  return isPlainObject(result) ? result : fail('The result is undefined or not an object.');
}

/**
 * A Buffer is silently read as an object of another shape, and a falsy input as none: either way policies see
 * nothing and allow.
 */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whatever is thrown, and modules throw strings and plain objects too, may quote the input: only its kind is told. */
function attempt<T>(what: string, act: () => T, isOutOfFuel: () => boolean = () => false): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PosternError) throw error;
    if (isOutOfFuel()) throw new PosternError('POSTERN_E_POLICY_FUEL');
    if (error === NO_MEMORY) throw new PosternError('POSTERN_E_POLICY_MEMORY');
    return fail(`${what}: ${isNativeError(error) ? error.name : 'aborted'}.`);
  }
}

function fail(detail: string, code: FailureCode = 'POSTERN_E_POLICY_EVALUATION'): never {
  throw new PosternError(code, detail);
}
