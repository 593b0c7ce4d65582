// What an input is made of: fields that say what they are, as JSON schema, and write what of them is read.
import { rememberHashes } from './hash-again.ts';
import type { ReadTree } from './input-reads.ts';

/** What of JSON schema (draft 7) OPA's type checker understands, and bounds for people. */
export interface Schema {
  readonly type?: 'string' | 'boolean' | 'integer' | 'number' | 'array' | 'object';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false | Schema;
}

/** `index` is that of an item in its list. */
type Write<S, T = unknown> = (source: S, index?: number) => T;

/** `S` is what it is taken from, `T` what is written. */
export interface Field<S, T = unknown> {
  /** Null for what is no concern of those who write policies. */
  readonly schema: Schema | null;
  /** Whether there is something at these names, one below the other. */
  has(this: void, names: readonly string[]): boolean;
  /** Once for each set of policies, so that writing looks nothing up. */
  prepare(this: void, reads: ReadTree): Write<S, T>;
}

/** What has fields of its own. */
interface Group<S> extends Field<S, object> {
  readonly schema: Schema;
}

export type Fields<S> = Readonly<Record<string, Field<S>>>;

const WHOLE = '*';

const isEnd = ([name = WHOLE, ...rest]: readonly string[]): boolean => name === WHOLE && rest.length === 0;

/** Read whole or not at all. */
const leaf = <S>(schema: Schema, take: Write<S>): Field<S> => ({ schema, has: isEnd, prepare: () => take });

export const text = <S>(description: string, take: (source: S) => string | undefined): Field<S> =>
  leaf({ type: 'string', description }, take);

export const oneOf = <S, T extends string>(
  values: readonly T[],
  description: string,
  take: (source: S) => T,
): Field<S> => leaf({ type: 'string', enum: values, description }, take);

export const flag = <S>(description: string, take: (source: S) => boolean): Field<S> =>
  leaf({ type: 'boolean', description }, take);

export const count = <S>(description: string, take: (source: S) => number | undefined): Field<S> =>
  leaf({ type: 'integer', description }, take);

export const share = <S>(description: string, take: (source: S) => number): Field<S> =>
  leaf({ type: 'number', minimum: 0, maximum: 1, description }, take);

export const texts = <S>(description: string, take: (source: S) => readonly string[]): Field<S> =>
  leaf({ type: 'array', items: { type: 'string' }, description }, take);

/** Of a text, in hex. */
export const sha256 = <S>(description: string, textOf: (source: S) => string | undefined): Field<S> => ({
  ...text(description, textOf),
  prepare: () => {
    const hash = rememberHashes();
    return (source) => {
      const hashed = textOf(source);
      return hashed === undefined ? undefined : hash(hashed);
    };
  },
});

/** For the host alone: which item of its list it is. */
export const handle: Field<unknown> = {
  schema: null,
  has: isEnd,
  prepare: () => (_, index) => index,
};

/** Anything may be below it, and is written with it. */
export const open = <S>(schema: Schema, take: Write<S>): Field<S> => ({
  schema,
  has: () => true,
  prepare: () => take,
});

/** An object with these fields and no others. */
export const group = <S>(description: string, fields: Fields<S>): Group<S> => ({
  schema: { description, ...describeObject(fields) },
  has: (names) => isEnd(names) || hasField(fields, names),
  prepare: (reads) => writeObject(fields, reads),
});

/** `items` are found in the source of the list; each is an object of these fields. */
export const list = <S, I>(
  description: string,
  items: (source: S) => readonly I[],
  fields: Fields<I>,
): Field<S> => ({
  schema: { type: 'array', description, items: describeObject(fields) },
  has: (names) => isEnd(names) || hasField(fields, names),
  prepare: (reads) => {
    const write = writeObject(fields, reads);
    return (source) => items(source).map((item, index) => write(item, index));
  },
});

function describeObject<S>(fields: Fields<S>): Schema {
  const properties = Object.fromEntries(
    Object.entries(fields).flatMap(([name, { schema }]) =>
      schema === null ? [] : [[name, schema] as const],
    ),
  );
  return { type: 'object', properties, additionalProperties: false };
}

function hasField<S>(fields: Fields<S>, [name = '', ...rest]: readonly string[]): boolean {
  return Object.hasOwn(fields, name) && fields[name]?.has(rest) === true;
}

function writeObject<S>(fields: Fields<S>, reads: ReadTree): Write<S, object> {
  const writers = Object.entries(fields).flatMap(([name, field]) => {
    const below = reads.at(name);
    return below === null ? [] : [{ name, write: field.prepare(below) }];
  });
  return (source, index) => {
    const written: Record<string, unknown> = {};
    for (const { name, write } of writers) written[name] = write(source, index);
    return written;
  };
}
