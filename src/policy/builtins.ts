// An instance in; the built-ins out that its policies call and the host does not offer.
import type { LoadedPolicy } from '@open-policy-agent/opa-wasm';

/**
 * What opa-wasm implements, without `regex.split`: it matches text of callers by backtracking. A built-in that is
 * missing would throw only when a policy gets to it.
 */
const OFFERED: ReadonlySet<string> = new Set([
  'json.is_valid',
  'sprintf',
  'yaml.is_valid',
  'yaml.marshal',
  'yaml.unmarshal',
]);

interface Exports {
  readonly builtins: () => number;
  readonly opa_json_dump: (address: number) => number;
}

export function listMissingBuiltins({ wasmInstance, mem }: LoadedPolicy): string[] {
  const { builtins, opa_json_dump: dump } = (wasmInstance as WebAssembly.Instance)
    .exports as unknown as Exports;
  const bytes = Buffer.from(mem.buffer, dump(builtins()));
  const names = JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(0))) as Record<string, number>;
  return Object.keys(names).filter((name) => !OFFERED.has(name));
}
