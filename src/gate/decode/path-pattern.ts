// The path of an operation and a request's target in; what stands where the path leaves room, or null, out. Exact bytes.

/** Read alike by every reader: no escapes, no separators, and never a dot segment. */
const VALUE = '[A-Za-z0-9][A-Za-z0-9._@-]{0,127}';

/** Name -> value. */
export type PathValues = Readonly<Record<string, string>>;

export type ReadTarget = (target: string) => PathValues | null;

export function compilePath(path: string): ReadTarget {
  const source = path.replaceAll(/[.?]/g, String.raw`\$&`).replaceAll(/\{([a-z]+)\}/g, `(?<$1>${VALUE})`);
  const pattern = new RegExp(`^${source}$`);
  return (target) => {
    const match = pattern.exec(target);
    return match === null ? null : (match.groups ?? {});
  };
}
