import { describe, expect, it } from '@jest/globals';
import type { SpokenAnswer, SpokenRequest, Turn } from '../../../../src/cli/cases/case.ts';
import { rendererOf, RENDERERS, type Cut } from '../../../../src/cli/cases/render/index.ts';
import type { Dialect } from '../../../../src/exchange/index.ts';
import { codecOf } from '../../../../src/gate/decode/index.ts';
import { decodeStream, writeStream } from '../../../support/events.ts';

const DIALECTS = Object.keys(RENDERERS) as readonly (keyof typeof RENDERERS)[];

const TURNS: readonly Turn[] = [
  { kind: 'system', text: 'Be kind.' },
  { kind: 'developer', text: 'Be brief.' },
  { kind: 'user', text: 'Hello.' },
  { kind: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
  { kind: 'image', url: 'https://example.com/a.png' },
  { kind: 'document', text: 'A letter.' },
  { kind: 'assistant', text: 'Let me see.' },
  { kind: 'call', name: 'search', arguments: { query: 'a' } },
  { kind: 'result', text: 'Found it.' },
];

const ORIGINS: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'document']);

const TOOL = { name: 'search', description: 'Searches.', parameters: { type: 'object' } };

const request = (dialect: Dialect): SpokenRequest => {
  const { lacks } = rendererOf(dialect);
  return {
    kind: 'spoken',
    model: 'a-model',
    turns: TURNS.filter(({ kind }) => !lacks.has(kind)),
    tools: lacks.has('tool') ? [] : [TOOL],
    limits: {
      ...(lacks.has('max_output_tokens') ? {} : { max_output_tokens: 100 }),
      ...(lacks.has('n') ? {} : { n: 2 }),
    },
    extra: {},
  };
};

const answer = (dialect: Dialect): SpokenAnswer => {
  const { lacks } = rendererOf(dialect);
  return {
    kind: 'spoken',
    model: 'a-model',
    reasoning: lacks.has('reasoning') ? '' : 'Hm, well.',
    text: lacks.has('text of answers') ? '' : 'Good day.',
    refusal: lacks.has('refusal') ? '' : 'I will not.',
    calls: lacks.has('called') ? [] : [{ name: 'search', arguments: { query: 'b', deep: [1, { c: 'd' }] } }],
    extra: {},
  };
};

interface Summary {
  readonly kind: string;
  readonly origin: string;
  readonly text: string;
}

const summarise = (parts: readonly Summary[]): readonly string[] =>
  parts.map(({ kind, origin, text }) => `${origin} ${kind}: ${text}`);

const bytesOf = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe.each(DIALECTS)('what is spoken, in %s', (dialect) => {
  const codec = codecOf({ dialect });
  const { lacks } = rendererOf(dialect);

  it('is a request that is wholly understood, with everything in it', () => {
    const said = request(dialect);
    const message = unwrap(
      codec.decodeRequest(bytesOf(rendererOf(dialect).request(said, true)), {
        model: 'a-model',
        stream: true,
      }),
    );
    expect(message).toMatchObject({ model: 'a-model', stream: true, limits: said.limits });
    expect(message.coverage.unknownFields).toBe(0);
    const inTurns = message.parts.filter(({ turn }) => turn >= 0);
    const texts = inTurns.map(({ text }) => text).join('\n');
    const missing = said.turns.filter((turn) => 'text' in turn && !texts.includes(turn.text));
    expect(missing).toEqual([]);
    const origins = said.turns.flatMap(({ kind }) => (ORIGINS.has(kind) ? [kind] : []));
    expect(inTurns.map(({ origin }) => origin)).toEqual(expect.arrayContaining(origins));
    const images = lacks.has('image') ? [] : ['image_url'];
    expect(message.parts.some(({ kind }) => kind === 'media')).toBe(!lacks.has('image'));
    expect(message.references.map(({ kind }) => kind)).toEqual(images);
    expect(message.tools.map(({ name, kind }) => ({ name, kind }))).toEqual(
      lacks.has('tool') ? [] : [{ name: 'search', kind: 'function' }],
    );
    const named = inTurns.filter(({ name }) => name === 'search').map(({ kind }) => kind);
    expect(named).toEqual(lacks.has('call') ? [] : ['tool_call', 'tool_result']);
  });

  if (lacks.has('text of answers')) {
    it('is an answer without texts that is wholly understood', () => {
      const whole = unwrap(codec.decodeResponse(bytesOf(rendererOf(dialect).answer(answer(dialect)))));
      expect(whole.coverage.unknownFields).toBe(0);
      expect(whole.parts.filter(({ turn, text }) => turn >= 0 && text !== '')).toEqual([]);
    });
    return;
  }

  it('is a whole answer that is wholly understood, and a stream that says the same', () => {
    const said = answer(dialect);
    const whole = unwrap(codec.decodeResponse(bytesOf(rendererOf(dialect).answer(said))));
    expect(whole.coverage).toMatchObject({ unknownFields: 0, opaque: 0 });
    const spoken = summarise(whole.parts.filter(({ turn }) => turn >= 0)).toSorted();
    expect(spoken).toContain('assistant text: Good day.');
    const cuts: readonly Cut[] = [(text) => [text], (text) => Array.from(text)];
    for (const cut of cuts) {
      const events = rendererOf(dialect).stream(said, cut);
      const deltas = decodeStream(codec, writeStream(events)).flatMap((event) => {
        expect(event.coverage).toMatchObject({ unknownFields: 0, opaque: 0 });
        return event.deltas.filter(({ lane, again }) => lane !== 'metadata' && again === undefined);
      });
      const lanes = Object.values(Object.groupBy(deltas, ({ lane }) => lane)).map((alike = []) => ({
        kind: alike[0]?.kind ?? '',
        origin: alike[0]?.origin ?? '',
        text: alike.map(({ text }) => text).join(''),
      }));
      expect(summarise(lanes).toSorted()).toEqual(spoken);
    }
  });
});
