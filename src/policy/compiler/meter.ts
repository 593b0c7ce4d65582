// A policy's module in, the same module with a count of its steps out: it traps when the host's fuel is spent.
import binaryen from 'binaryen';
import { FUEL_GLOBAL, LOADING_FUEL } from '../fuel.ts';
import { priceTicks } from './meter-prices.ts';
import { readBodies, type Body, type Loop } from './meter-stretches.ts';

/** The package's declarations leave them out. */
const { Function: functions, Loop: loops } = binaryen as unknown as Record<
  'Function' | 'Loop',
  { readonly setBody: (of: number, body: binaryen.ExpressionRef) => void }
>;

/** Equal modules give equal bytes. */
export function meterModule(wasm: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(wasm);
  try {
    insertTicks(module, readBodies(module));
    module.setFeatures(module.getFeatures() | binaryen.Features.MutableGlobals);
    module.addGlobal(FUEL_GLOBAL, binaryen.i32, true, module.i32.const(LOADING_FUEL));
    module.addGlobalExport(FUEL_GLOBAL, FUEL_GLOBAL);
    if (module.validate() !== 1) throw new Error('The metered module is not valid.');
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

function insertTicks(module: binaryen.Module, bodies: readonly Body[]): void {
  const { ticksAtEntry, priceOf } = priceTicks(bodies);
  for (const body of bodies) {
    for (const loop of body.loops) tickEachIteration(module, loop, priceOf(loop));
    if (ticksAtEntry(body)) tickAtEntry(module, body, priceOf(body.entry));
  }
}

function tickEachIteration(module: binaryen.Module, { ref, content }: Loop, price: number): void {
  const type = binaryen.getExpressionType(content);
  loops.setBody(ref, module.block(null, [tick(module, price), content], type));
}

function tickAtEntry(module: binaryen.Module, { ref }: Body, price: number): void {
  const { body, results } = binaryen.getFunctionInfo(ref);
  functions.setBody(ref, module.block(null, [tick(module, price), body], results));
}

/** Pays in advance for all that can run until the next tick. */
function tick(module: binaryen.Module, price: number): binaryen.ExpressionRef {
  const { i32 } = module;
  const left = (): binaryen.ExpressionRef => module.global.get(FUEL_GLOBAL, binaryen.i32);
  return module.block(null, [
    module.global.set(FUEL_GLOBAL, i32.sub(left(), i32.const(price))),
    module.if(i32.lt_s(left(), i32.const(0)), module.unreachable()),
  ]);
}
