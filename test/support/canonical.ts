// JSON in, a text out that is the same for what differs in order only: sets come as lists, in any order.
export function writeCanonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(writeCanonical).sort().join()}]`;
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${writeCanonical(item)}`);
  return `{${fields.sort().join()}}`;
}
