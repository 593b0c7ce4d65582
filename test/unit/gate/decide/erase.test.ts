import { describe, expect, it } from '@jest/globals';
import { createInputWriter, eraseContent, READS_EVERYTHING } from '../../../../src/gate/decide/index.ts';
import { aFacts, aPart } from '../../../support/facts.ts';

const leaveOutText = (key: string, value: unknown): unknown => (key === 'text' ? undefined : value);

describe('facts without content', () => {
  it('are the input that policies read, less the text', () => {
    const { input, erased } = eraseContent(aFacts());
    expect(erased).toEqual(['parts.text']);
    expect(JSON.parse(JSON.stringify(input))).toEqual(
      JSON.parse(JSON.stringify(createInputWriter(READS_EVERYTHING)(aFacts()), leaveOutText)),
    );
  });

  it('hold neither arguments nor the values of references, whatever these are, and say so', () => {
    const { input, erased } = eraseContent(
      aFacts({
        parts: [
          aPart({ kind: 'tool_call', name: 'send', arguments: { to: 'canary', deep: ['canary'] } }),
          aPart({ kind: 'tool_call', name: 'send', arguments: ['canary'] }),
          aPart({ kind: 'tool_call', name: 'send', arguments: 4111 }),
        ],
        references: [{ kind: 'url', value: 'https://canary.test', origin: 'user' }],
      }),
    );
    expect(JSON.stringify(input)).not.toMatch(/canary|4111/);
    expect(input).toMatchObject({
      parts: [{ name: 'send' }, { name: 'send' }, {}],
      references: [{ kind: 'url', origin: 'user' }],
    });
    expect(erased).toEqual(['parts.arguments', 'parts.text', 'references.value']);
  });

  it.each([
    ['model', { model: 'canary with a sentence' }],
    ['finish_reasons', { finishReasons: ['stop', 'canary said so'] }],
    ['parts.role', { parts: [aPart({ role: 'canary who speaks' })] }],
    ['parts.name', { parts: [aPart({ name: 'canary()' })] }],
    ['parts.media', { parts: [aPart({ media: 'image/png; name="canary"' })] }],
    ['tools.name', { tools: [{ name: 'canary\n', kind: 'function', sha256: 'f', wholeSha256: 'g' }] }],
    [
      'tools.kind',
      { tools: [{ name: 'a', kind: `canary${'x'.repeat(128)}`, sha256: 'f', wholeSha256: 'g' }] },
    ],
    ['limits.canary', { limits: { canary: 1 } }],
  ])('keep in the place of a name only what has the shape of one: %s', (path, change) => {
    const { input, erased } = eraseContent(aFacts(change));
    expect(JSON.stringify(input)).not.toContain('canary');
    expect(erased).toContain(path);
  });

  it('are left out as a whole when there are too many', () => {
    const parts = Array.from({ length: 2_000 }, (_, turn) => aPart({ turn }));
    expect(eraseContent(aFacts({ parts }))).toEqual({ input: {}, erased: ['*'] });
    expect(eraseContent(aFacts({ parts: parts.slice(0, 800) })).erased).toEqual(['parts.text']);
  });
});
