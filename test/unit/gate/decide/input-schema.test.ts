import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import {
  createInputWriter,
  INPUT_SCHEMA,
  READS_EVERYTHING,
  TEXT_HANDLE,
  type Facts,
} from '../../../../src/gate/decide/index.ts';
import { codecOf } from '../../../../src/gate/decode/index.ts';
import { aFacts, aPart, FACTS } from '../../../support/facts.ts';
import { askedOf, listGoldens, readGolden } from '../../../support/golden.ts';

const DIALECTS = [
  'openai-chat',
  'openai-embeddings',
  'openai-moderations',
  'openai-images',
  'anthropic-messages',
] as const;
const CASES = DIALECTS.flatMap((dialect) =>
  listGoldens(`decode/${dialect}`)
    .filter((name) => /^(?:request|response)/.test(name))
    .map((name) => ({ dialect, name })),
);

const schema = z.fromJSONSchema(INPUT_SCHEMA as Parameters<typeof z.fromJSONSchema>[0]);
const writeWhole = createInputWriter(READS_EVERYTHING);

/** As policies see it, without what is there for the host. */
const describeFacts = (facts: Facts): Record<string, unknown> =>
  JSON.parse(JSON.stringify(writeWhole(facts)), (key, value: unknown) =>
    key === TEXT_HANDLE ? undefined : value,
  ) as Record<string, unknown>;

function factsOf({ dialect, name }: (typeof CASES)[number]): Facts {
  const isRequest = name.startsWith('request');
  const codec = codecOf({ dialect });
  const path = `decode/${dialect}/${name}`;
  const body = readGolden(`${path}/input.json`);
  const message = isRequest ? codec.decodeRequest(body, askedOf(path)) : codec.decodeResponse(body);
  if (!message.ok) throw new Error(message.error.code);
  return aFacts({ phase: isRequest ? 'request' : 'response', ...message.value });
}

describe('the schema of the input', () => {
  it.each(CASES)('is that of $dialect $name', (golden) => {
    expect(schema.safeParse(describeFacts(factsOf(golden))).error?.issues ?? []).toEqual([]);
  });

  it('is that of whatever facts there are', () => {
    fc.assert(
      fc.property(FACTS, (facts) => {
        expect(schema.safeParse(describeFacts(facts)).error?.issues ?? []).toEqual([]);
      }),
    );
  });

  it('is not that of anything else', () => {
    const input = describeFacts(aFacts({ parts: [aPart()] }));
    const others = [
      { ...input, colour: 'red' },
      { ...input, parts: [{ colour: 'red' }] },
      { ...input, parts: [{ kind: 'paint' }] },
      { ...input, coverage: { bytes: '7' } },
      { ...input, model: 7 },
    ];
    for (const other of others) expect([other, schema.safeParse(other).success]).toEqual([other, false]);
  });
});
