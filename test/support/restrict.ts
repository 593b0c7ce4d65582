// A value and paths into it in; what of the value stands at the paths out, said without knowing how it was written.
import type { INPUT_SCHEMA } from '../../src/gate/decide/index.ts';

export type Schema = NonNullable<(typeof INPUT_SCHEMA)['items']>;

export function restrict(value: unknown, paths: readonly string[], { properties, items }: Schema): unknown {
  const isWhole = paths.includes('*') || (properties ?? items?.properties) === undefined;
  // Of another type than it should be, it has nothing that could be left out.
  if (isWhole || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => restrict(item, paths, items ?? {}));
  const kept = Object.entries(value).flatMap(([name, below]: readonly [string, unknown]) => {
    const here = paths.filter((path) => path === name || path.startsWith(`${name}.`));
    const rest = here.map((path) => path.slice(name.length + 1)).filter((path) => path !== '');
    return here.length === 0 ? [] : [[name, restrict(below, rest, properties?.[name] ?? {})] as const];
  });
  return Object.fromEntries(kept);
}
