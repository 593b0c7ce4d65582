import { describe, expect, it } from '@jest/globals';
import { codecOf, OPERATIONS } from '../../../../src/gate/decode/index.ts';
import { decodeStream, readable, writeStream, type GoldenEvent } from '../../../support/events.ts';
import { askedOf, expectedOf, listGoldens, readGolden } from '../../../support/golden.ts';

const DIALECTS = [...new Set(OPERATIONS.map(({ operation }) => operation.dialect))];
const CASES = DIALECTS.flatMap((dialect) =>
  listGoldens(`decode/${dialect}`).map((name) => ({ dialect, name, path: `decode/${dialect}/${name}` })),
);

function decode({ dialect, name, path }: (typeof CASES)[number]): unknown {
  const codec = codecOf({ dialect });
  const input = readGolden(`${path}/input.json`);
  if (name.startsWith('request')) return codec.decodeRequest(input, askedOf(path));
  if (!name.startsWith('stream')) return codec.decodeResponse(input);
  const events = JSON.parse(input.toString()) as GoldenEvent[];
  return decodeStream(codec, writeStream(events)).map(readable);
}

describe('decoding', () => {
  it.each(CASES)('comes to what is written down: $dialect $name', (golden) => {
    const actual: unknown = JSON.parse(JSON.stringify(decode(golden)));
    expect(actual).toEqual(expectedOf(golden.path, actual));
  });
});
