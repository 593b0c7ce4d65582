// A compiled module with its data in, instances out that can be asked: JSON in, JSON out, by one call of OPA's ABI 1.2.
import * as opaWasm from '@open-policy-agent/opa-wasm';
import { FUEL_GLOBAL } from './fuel.ts';

/**
 * The synchronous half, without which the evaluation after a trap would wait, the package's ESM door has in its default
 * export alone, of which its types know nothing.
 */
const { loadPolicySync } = (opaWasm as unknown as { readonly default: typeof opaWasm }).default;

const MIB = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
/** The host owns the memory, so that no policy can take more of it than this. */
const MEMORY = { initial: (4 * MIB) / PAGE_BYTES, maximum: (64 * MIB) / PAGE_BYTES };

/** The memory of an instance that has its data and was asked nothing yet: to start from it is to copy it. */
export interface Image {
  readonly bytes: Uint8Array;
  readonly memoryBytes: number;
  readonly dataAddress: number;
  readonly heapAddress: number;
}

export interface Instance {
  readonly image: Image;
  readonly memory: WebAssembly.Memory;
  readonly exports: Exports;
}

interface Exports {
  readonly [FUEL_GLOBAL]: { value: number };
  readonly opa_eval: (...args: readonly number[]) => number;
}

export interface Question {
  readonly entrypoint: number;
  /** JSON of so many bytes. */
  readonly input: string;
  readonly inputBytes: number;
  readonly fuel: number;
  readonly largestAnswerBytes: number;
}

/** By name, what policies may ask of the host. */
export type Functions = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

export const loadPolicy = (module: WebAssembly.Module, functions: Functions): opaWasm.LoadedPolicy =>
  loadPolicySync(module, { ...MEMORY }, functions);

export function layUp(policy: opaWasm.LoadedPolicy, data: object): Image {
  policy.setData(data);
  const { buffer } = policy.mem;
  const heapAddress = policy.dataHeapPtr as number;
  const bytes = new Uint8Array(buffer.slice(0, heapAddress));
  return { bytes, memoryBytes: buffer.byteLength, dataAddress: policy.dataAddr, heapAddress };
}

export function startInstance(module: WebAssembly.Module, image: Image, functions: Functions): Instance {
  const instance = instanceOf(loadPolicy(module, functions), image);
  growTo(instance.memory, image.memoryBytes);
  new Uint8Array(instance.memory.buffer).set(image.bytes);
  return instance;
}

/** Of the policy that the image was laid up in, it can be asked as it is. */
export function instanceOf({ mem: memory, wasmInstance }: opaWasm.LoadedPolicy, image: Image): Instance {
  return { image, memory, exports: (wasmInstance as WebAssembly.Instance).exports as unknown as Exports };
}

/** Null when the answer is larger than may be read. Whatever is thrown leaves the instance in any state. */
export function ask({ image, memory, exports }: Instance, question: Question): string | null {
  const { entrypoint, input, inputBytes, fuel, largestAnswerBytes } = question;
  const { dataAddress, heapAddress } = image;
  const heapEnd = heapAddress + inputBytes;
  growTo(memory, heapEnd);
  Buffer.from(memory.buffer).write(input, heapAddress);
  exports[FUEL_GLOBAL].value = fuel;
  const address = exports.opa_eval(0, entrypoint, dataAddress, heapAddress, inputBytes, heapEnd, 0);
  const rest = Buffer.from(memory.buffer, address);
  const length = rest.subarray(0, largestAnswerBytes + 1).indexOf(0);
  return length === -1 ? null : rest.toString('utf8', 0, length);
}

/** Below zero only after it ran out. */
export const isOutOfFuel = ({ exports }: Instance): boolean => exports[FUEL_GLOBAL].value < 0;

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
