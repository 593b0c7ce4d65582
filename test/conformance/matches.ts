// What OPA says and what came over JSON in; whether they are the same, out. What has no order is marked in the first.

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
  (items as readonly unknown[]).toSorted((a, b) => (writeCanonical(a) < writeCanonical(b) ? -1 : 1));

/** Equal for what matches; what does not match may be equal too. */
function writeCanonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const unordered = (value as { readonly '@unordered'?: unknown })['@unordered'] ?? value;
  if (Array.isArray(unordered)) return `[${unordered.map(writeCanonical).sort().join()}]`;
  return `{${Object.entries(unordered)
    .map(([key, item]) => `${JSON.stringify(key)}:${writeCanonical(item)}`)
    .sort()
    .join()}}`;
}
