// A word that must not get lost, and every way to put it in the place of one string, or of one key, of a document.

export const CANARY = 'canary "ß\u{1f424}';

export interface Planted {
  /** Where it is, for people. */
  readonly path: string;
  readonly document: unknown;
  readonly canary: string;
}

export function* plant(value: unknown, path = ''): Generator<Planted> {
  if (typeof value === 'string') yield { path, document: CANARY, canary: CANARY };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value) as [string, unknown][]) {
    for (const planted of plant(item, `${path}/${key}`)) {
      const document = Array.isArray(value)
        ? value.with(Number(key), planted.document)
        : { ...value, [key]: planted.document };
      yield { ...planted, document };
    }
    if (!Array.isArray(value))
      yield { path: `${path}/${key} (its name)`, document: { ...value, [CANARY]: item }, canary: CANARY };
  }
}
