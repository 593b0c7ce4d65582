import { describe, expect, it } from '@jest/globals';
import { codecOf, FRAMINGS } from '../../../../src/gate/decode/index.ts';
import { gateFor, inspectorOf } from '../../../support/stream.ts';

const chunk = (content: string, more: object): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content } }], ...more })}\n\n`,
  );

/** How many chunks are still held after each of them was pushed. */
function heldAfter(more: (n: number) => object): number {
  const decoder = codecOf({ dialect: 'openai-chat' }).openStream(FRAMINGS.sse);
  const { gate } = gateFor(inspectorOf('the password is swordfish'), 'deny');
  let released = 0;
  const count = 200;
  for (let n = 0; n < count; n += 1) {
    const events = decoder.push(chunk('quiet words ', more(n)));
    if (!events.ok) throw new Error(events.error.code);
    const step = gate.push(events.value);
    if (step.kind === 'release') released += step.events.length;
  }
  return count - released;
}

describe('a stream with fields that nobody knows', () => {
  it.each([
    ['no value', () => ({ novelty: null })],
    ['a number', (n: number) => ({ novelty: n })],
    ['a list of words', () => ({ novelty: ['none', 'other'] })],
  ])('goes on as it comes: %s', (_, more) => {
    expect(heldAfter(more)).toBeLessThan(5);
  });
});
