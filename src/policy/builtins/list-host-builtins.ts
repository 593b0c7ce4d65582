// An instance in; the built-ins out that its policies would ask the host for.
import type { LoadedPolicy } from '@open-policy-agent/opa-wasm';

interface Exports {
  readonly builtins: () => number;
  readonly opa_json_dump: (address: number) => number;
}

/**
 * The compiler allows only what is native to the module, and ours. opa-wasm implements a few more, not all of them as OPA does
 * (`regex.split` by backtracking), and one that nobody implements would throw only when a policy gets to it.
 */
export function listHostBuiltins({ wasmInstance, mem }: LoadedPolicy): string[] {
  const { builtins, opa_json_dump: dump } = (wasmInstance as WebAssembly.Instance)
    .exports as unknown as Exports;
  const bytes = Buffer.from(mem.buffer, dump(builtins()));
  return Object.keys(JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(0))) as object);
}
