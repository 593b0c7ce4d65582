import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  codecOf,
  encodeString,
  FRAMINGS,
  spliceEdits,
  type StreamEvent,
} from '../../src/gate/decode/index.ts';
import { decodeStream, readable, writeStream, type GoldenEvent } from '../support/events.ts';
import { readGolden } from '../support/golden.ts';

const streamOf = (dialect: string): Buffer =>
  writeStream(JSON.parse(readGolden(`decode/${dialect}/stream/input.json`).toString()) as GoldenEvent[]);

describe.each([
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'anthropic-messages',
  'gemini',
  'mistral-chat',
  'mistral-fim',
  'ollama-chat',
  'ollama-generate',
  'bedrock-converse',
  'bedrock-messages',
  'cohere-chat',
  'mcp',
] as const)('a stream of %s', (dialect) => {
  const codec = codecOf({ dialect });
  const bytes = streamOf(dialect);
  const whole = decodeStream(codec, bytes);

  it('comes to the same events however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (places) => {
        const at = [0, ...places.sort((a, b) => a - b), bytes.length];
        const decoder = codec.openStream(FRAMINGS.sse);
        const events: StreamEvent[] = [];
        for (const [index, start] of at.slice(0, -1).entries()) {
          const pushed = decoder.push(bytes.subarray(start, at[index + 1]));
          if (pushed.ok) events.push(...pushed.value);
        }
        expect(events.map(readable)).toEqual(whole.map(readable));
        expect(decoder.end()).toEqual({ ok: true, value: [] });
      }),
      { numRuns: 30 },
    );
  });

  it('holds in each place that can be edited exactly the text that is judged', () => {
    for (const { data, deltas } of whole) {
      for (const { at, text } of deltas) {
        if (at === null) continue;
        expect(JSON.parse(data.toString('utf8', at.start, at.end))).toBe(text);
        const edited = spliceEdits(data, [{ ...at, replacement: encodeString('other "text"') }]);
        expect(JSON.parse(edited.toString())).toBeDefined();
      }
    }
  });
});
