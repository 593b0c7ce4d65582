// A bundle in, its policies ready to be asked out: then an object in, what `postern/main/result` says to it out.
import { createRequire } from 'node:module';
import { isNativeError } from 'node:util/types';
import type * as OpaWasm from '@open-policy-agent/opa-wasm';
import { PosternError, type Part } from '../exchange/index.ts';
import { listHostBuiltins } from './builtins.ts';
import type { Bundle } from './bundle.ts';

/** The package's ESM door leaves out the synchronous half, without which the evaluation after a trap would wait. */
const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as typeof OpaWasm;

export interface Evaluator {
  /**
   * `parts` are those of the message that the input is about.
   * @throws PosternError POSTERN_E_POLICY_EVALUATION when there is no result. It holds no content.
   */
  evaluate(input: object, parts?: ReadonlyArray<Pick<Part, 'text'>>): object;
}

const ENTRYPOINT = 'postern/main/result';
const MIB = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
/** The host owns the memory, so that no policy can take more of it than this. */
const MEMORY = { initial: (4 * MIB) / PAGE_BYTES, maximum: (64 * MIB) / PAGE_BYTES };
/** Memory never shrinks: an instance that grew by more than this is let go. */
const GROWTH_LIMIT_BYTES = 16 * MIB;
/** Of ABI 1.2, which starts each evaluation from the same heap. */
const EXPORTS = ['opa_wasm_abi_version', 'opa_wasm_abi_minor_version', 'opa_eval'] as const;

interface Instance {
  readonly policy: OpaWasm.LoadedPolicy;
  readonly limitBytes: number;
}

/** @throws PosternError POSTERN_E_POLICY_EVALUATION when the module is not one that can be asked. */
export async function openEvaluator({ wasm, data }: Pick<Bundle, 'wasm' | 'data'>): Promise<Evaluator> {
  const module = await WebAssembly.compile(new Uint8Array(wasm)).catch(() =>
    fail('The module is not WebAssembly.'),
  );
  checkExports(module);
  const open = (): Instance => attempt('The module could not be started', () => startInstance(module, data));
  let instance: Instance | null = open();
  checkPolicy(instance.policy);
  return {
    evaluate: (input) => {
      if (!isPlainObject(input)) return fail('The input is not a plain object.');
      const { policy, limitBytes } = instance ?? open();
      // Kept only after success: what threw may have left the instance in any state.
      instance = null;
      const result = attempt('The evaluation was given up', () =>
        readResult(policy.evaluate(input, ENTRYPOINT)),
      );
      if (policy.mem.buffer.byteLength <= limitBytes) instance = { policy, limitBytes };
      return result;
    },
  };
}

function startInstance(module: WebAssembly.Module, data: object): Instance {
  const policy = loadPolicySync(module, { ...MEMORY });
  policy.setData(data);
  return { policy, limitBytes: policy.mem.buffer.byteLength + GROWTH_LIMIT_BYTES };
}

function checkExports(module: WebAssembly.Module): void {
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  if (!EXPORTS.every((name) => names.has(name))) fail('The module is not one of OPA, or too old.');
}

function checkPolicy(policy: OpaWasm.LoadedPolicy): void {
  if (!Object.hasOwn(policy.entrypoints as object, ENTRYPOINT))
    fail(`The module has no entrypoint ${ENTRYPOINT}.`);
  const missing = listHostBuiltins(policy);
  if (missing.length > 0) fail(`The module needs built-ins that are not offered: ${missing.join(', ')}.`);
}

/** `[{result}]`; an undefined result is an empty list. */
function readResult(results: unknown): object {
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
function attempt<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PosternError) throw error;
    return fail(`${what}: ${isNativeError(error) ? error.name : 'aborted'}.`);
  }
}

function fail(detail: string): never {
  throw new PosternError('POSTERN_E_POLICY_EVALUATION', detail);
}
