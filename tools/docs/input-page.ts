// The schema of the input in, docs/policies/input.md out.
import { writeTable } from '../../src/cli/markdown.ts';
import type { INPUT_SCHEMA } from '../../src/gate/decide/index.ts';

type Schema = NonNullable<(typeof INPUT_SCHEMA)['items']>;

export const writeInputPage = (schema: Schema): string => `# What policies read

Generated from [src/gate/decide/input-shape.ts](../../src/gate/decide/input-shape.ts) by \`make docs\`; as JSON schema it is
[rego/schemas/input.json](../../rego/schemas/input.json), and what \`postern policy schema\` prints.

${writeTable(['`input.`', 'type', 'what it is'], listRows(schema, ''))}

A field that has no value is not there: a text has no \`media\`. A reference to a field that is not in this table is an error
when policies are compiled, wherever OPA can follow it: not through the arguments of functions, and not in \`every\`.
\`object.get\` asks for any field.

Only what some policy of a bundle reads is written into the input; \`policy build\` says what that is.
`;

const listRows = (schema: Schema, path: string): string[][] =>
  Object.entries(fieldsOf(schema)).flatMap(([name, field]) => [
    [`\`${path}${name}\``, describeType(field), field.description ?? ''],
    ...listRows(field, `${path}${name}${field.items === undefined ? '' : '[_]'}.`),
  ]);

const fieldsOf = ({ properties, items }: Schema): Readonly<Record<string, Schema>> =>
  properties ?? items?.properties ?? {};

function describeType({ type, enum: values, items, additionalProperties }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'array')
    return `list of ${items?.properties === undefined ? describeType(items ?? {}) : 'objects'}`;
  if (typeof additionalProperties === 'object') return `object of ${describeType(additionalProperties)}`;
  return type ?? 'anything';
}
