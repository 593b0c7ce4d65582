// The syntax tree of a module as `opa parse` prints it in; what it says of its package out.
import type { PackageFacts, PackageNotes } from './rego-compiler.ts';

interface Place {
  readonly row: number;
  readonly col: number;
}

interface Term {
  readonly type?: string;
  readonly value: unknown;
}

interface Tree {
  readonly package: { readonly location: Place; readonly path: readonly Term[] };
  readonly rules?: ReadonlyArray<{
    readonly default?: boolean;
    readonly head: {
      readonly ref: readonly Term[];
      readonly key?: unknown;
      readonly value?: Term;
      readonly location: Place;
    };
  }>;
  readonly annotations?: readonly Annotation[];
}

interface Annotation {
  readonly scope: string;
  readonly title?: string;
  readonly description?: string;
  readonly custom?: PackageNotes['custom'];
  readonly location: Place;
}

export function readModule(file: string, text: string): PackageFacts {
  const tree = JSON.parse(text) as Tree;
  const { location, path } = tree.package;
  const notes = tree.annotations?.find(({ scope }) => scope === 'package');
  return {
    file,
    ...placeOf(location),
    path: path.slice(1).map(({ value }) => String(value)),
    rules: (tree.rules ?? []).map(({ head, default: isDefault = false }) => ({
      name: String(head.ref[0]?.value),
      ...placeOf(head.location),
      isSet: head.key !== undefined && head.value === undefined && head.ref.length === 1,
      ...(isDefault && head.value !== undefined ? { default: readDefault(head.ref, head.value) } : {}),
    })),
    metadata: notes === undefined ? null : readNotes(notes),
  };
}

const readDefault = ([, ...keys]: readonly Term[], value: Term): unknown =>
  keys.reduceRight((inner: unknown, { value: key }) => ({ [String(key)]: inner }), readTerm(value));

/** What has to be computed, such as comprehensions, comes back as it is. */
function readTerm({ type, value }: Term): unknown {
  if (type === 'object')
    return Object.fromEntries(
      (value as ReadonlyArray<readonly [Term, Term]>).map(([key, item]) => [
        String(key.value),
        readTerm(item),
      ]),
    );
  return type === 'array' || type === 'set' ? (value as readonly Term[]).map(readTerm) : value;
}

const placeOf = ({ row, col }: Place): Place => ({ row, col });

const readNotes = ({ title = '', description = '', custom = {}, location }: Annotation): PackageNotes => ({
  ...placeOf(location),
  title,
  description,
  custom,
});
