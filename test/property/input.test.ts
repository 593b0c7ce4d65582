import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  createInputWriter,
  INPUT_SCHEMA,
  isInputPath,
  READS_EVERYTHING,
} from '../../src/gate/decide/index.ts';
import { FACTS } from '../support/facts.ts';

type Schema = NonNullable<(typeof INPUT_SCHEMA)['items']>;

/** Every field at any depth. */
const listPaths = ({ properties, items }: Schema): string[] =>
  Object.entries(properties ?? items?.properties ?? {}).flatMap(([name, field]) => [
    name,
    `${name}.*`,
    ...listPaths(field).map((path) => `${name}.${path}`),
  ]);

/** What of a value stands at the paths, said without knowing how it was written. */
function restrict(value: unknown, paths: readonly string[], { properties, items }: Schema): unknown {
  const isWhole = paths.includes('*') || (properties ?? items?.properties) === undefined;
  if (isWhole) return value;
  if (Array.isArray(value)) return value.map((item) => restrict(item, paths, items ?? {}));
  const kept = Object.entries(value as object).flatMap(([name, below]: readonly [string, unknown]) => {
    const here = paths.filter((path) => path === name || path.startsWith(`${name}.`));
    const rest = here.map((path) => path.slice(name.length + 1)).filter((path) => path !== '');
    return here.length === 0 ? [] : [[name, restrict(below, rest, properties?.[name] ?? {})] as const];
  });
  return Object.fromEntries(kept);
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what policies are shown', () => {
  const all = listPaths(INPUT_SCHEMA);
  const writeAll = createInputWriter(READS_EVERYTHING);

  it('is the whole input, less what they do not read', () => {
    const paths = fc.subarray(all, { maxLength: 12 });
    fc.assert(
      fc.property(FACTS, paths, paths, (facts, request, response) => {
        const shown = asJson(createInputWriter({ request, response })(facts));
        const read = facts.phase === 'request' ? request : response;
        expect(shown).toEqual(restrict(asJson(writeAll(facts)), read, INPUT_SCHEMA));
      }),
      { numRuns: 300 },
    );
  });

  it('has a path for each of its fields', () => {
    expect(all.filter((path) => !isInputPath(path))).toEqual([]);
    expect(all).toContain('parts.arguments');
  });
});
