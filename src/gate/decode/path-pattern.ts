// The path of an operation and a request's target in; what stands where the path leaves room, or null, out. Exact bytes.

/** Read alike by every reader: no escapes, no separators, and never a dot segment. */
const VALUE = '[A-Za-z0-9][A-Za-z0-9._@-]{0,127}';

/** `{name}` stands for such a value, `{name:aws}` for what AWS calls a model, `{name:claude}` for one of Anthropic's there. */
const PLACEHOLDER = /\{([a-z]+)(?::(aws|claude))?\}/g;

/** Name -> value, in the one spelling that policies see. */
export type PathValues = Readonly<Record<string, string>>;

export type ReadTarget = (target: string) => PathValues | null;

export function compilePath(path: string): ReadTarget {
  const source = path
    .replaceAll(/[.?]/g, String.raw`\$&`)
    .replaceAll(PLACEHOLDER, (_, name: string, kind?: string) => `(?<${name}>${valueOf(kind)})`);
  const pattern = new RegExp(`^${source}$`);
  return (target) => {
    const match = pattern.exec(target);
    return match === null ? null : unescapeValues(match.groups ?? {});
  };
}

function valueOf(kind: string | undefined): string {
  if (kind === undefined) return VALUE;
  return kind === 'claude' ? `(?=[A-Za-z0-9._:%-]*anthropic\\.)${awsModel()}` : awsModel();
}

/**
 * The one place where escapes are understood, of a colon and of a slash alone, since SDKs write both so. Whatever stands behind
 * a slash begins like a name: no reader who undoes the escapes finds a dot segment.
 */
function awsModel(): string {
  const colon = '(?::|%3A)';
  const id = `[A-Za-z0-9](?:[A-Za-z0-9._-]|${colon}){0,127}`;
  const owner = [
    'arn',
    'aws[a-z-]{0,16}',
    '(?:bedrock|sagemaker)',
    '[a-z0-9-]{1,20}',
    '[0-9]{0,12}',
    '[a-z-]{1,32}',
  ];
  return `(?:${owner.join(colon)}(?:%2F${id}){1,2}|${id})`;
}

/** Values of the other kind have no escapes. */
const unescapeValues = (values: PathValues): PathValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value.replaceAll('%3A', ':').replaceAll('%2F', '/'),
    ]),
  );
