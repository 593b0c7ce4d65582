// What OPA says and what came over JSON in; whether they are the same, out. What has no order is marked in the first.
import { writeCanonical } from '../support/canonical.ts';

export function matches(want: unknown, got: unknown): boolean {
  if (typeof want !== 'object' || want === null) return want === got;
  if (typeof got !== 'object' || got === null) return false;
  const unordered = (want as { readonly '@unordered'?: unknown })['@unordered'];
  if (unordered !== undefined) return Array.isArray(got) && matches(sort(unordered), sort(got));
  if (Array.isArray(want) !== Array.isArray(got)) return false;
  const entries = Object.entries(want);
  return (
    entries.length === Object.keys(got).length &&
    entries.every(
      ([key, value]) =>
        Object.hasOwn(got, key) && matches(value, (got as Readonly<Record<string, unknown>>)[key]),
    )
  );
}

const sort = (items: unknown): unknown[] =>
  (items as readonly unknown[]).toSorted((a, b) => (writeUnmarked(a) < writeUnmarked(b) ? -1 : 1));

/** Equal for what matches; what does not match may be equal too. */
const writeUnmarked = (value: unknown): string => writeCanonical(unmark(value));

function unmark(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unmark);
  const unordered = (value as { readonly '@unordered'?: unknown })['@unordered'];
  if (unordered !== undefined) return unmark(unordered);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmark(item)]));
}
