import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  createInputWriter,
  INPUT_SCHEMA,
  isInputPath,
  READS_EVERYTHING,
} from '../../src/gate/decide/index.ts';
import { FACTS } from '../support/facts.ts';
import { restrict, type Schema } from '../support/restrict.ts';

/** Every field at any depth. */
const listPaths = ({ properties, items }: Schema): string[] =>
  Object.entries(properties ?? items?.properties ?? {}).flatMap(([name, field]) => [
    name,
    `${name}.*`,
    ...listPaths(field).map((path) => `${name}.${path}`),
  ]);

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
