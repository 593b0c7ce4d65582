import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  createInputWriter,
  isInputPath,
  mayRead,
  READS_EVERYTHING,
  readsText,
  type Facts,
} from '../../../../src/gate/decide/index.ts';
import { aFacts, aPart } from '../../../support/facts.ts';

const SHA256 = '28e66175821bf0ad8d7c8008061930de7daf248c28814ad41a0541449257bcf7';

const write = (facts: Facts, ...paths: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(createInputWriter({ request: paths, response: [] })(facts)));

describe('the input', () => {
  it('holds every field when everything is read, and none that the facts have no value for', () => {
    const parts = [
      aPart({ origin: 'system', text: 'a😀' }),
      aPart({ kind: 'tool_call', name: 'send', arguments: { to: ['x'] }, text: '' }),
    ];
    const { text: _, ...call } = { ...parts[1], at: undefined };
    const finding = {
      detector: 'd',
      code: 'c',
      severity: 'low',
      confidence: 1,
      part: 0,
      origin: 'user',
    } as const;
    const facts = aFacts({
      route: { ...aFacts().route, credentialId: '00ff00ff00ff00ff' },
      parts,
      findings: [{ ...finding, start: 3, end: 4 }],
      tools: [{ name: 'send', kind: 'function', sha256: 'f', wholeSha256: 'g' }],
      references: [{ kind: 'url', value: 'https://x.test', origin: 'user' }],
    });
    expect(JSON.parse(JSON.stringify(createInputWriter(READS_EVERYTHING)(facts)))).toEqual({
      phase: 'request',
      partial: false,
      provider: 'openai',
      dialect: 'openai-chat',
      operation: 'chat',
      model: 'gpt-4o',
      stream: false,
      upstream: { name: facts.route.upstream.name, host: facts.route.upstream.url.hostname },
      credential: { id: '00ff00ff00ff00ff' },
      parts: [
        {
          turn: 0,
          role: 'user',
          origin: 'system',
          lane: '0.0.text',
          kind: 'text',
          chars: 2,
          sha256: SHA256,
          text: 'a😀',
          '@text': 0,
        },
        { ...call, chars: 0, text: '', '@text': 1 },
      ],
      tools: [{ name: 'send', kind: 'function', server: '', sha256: 'f', whole_sha256: 'g' }],
      tools_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      references: facts.references,
      limits: { max_output_tokens: 10, n: 1 },
      findings: [finding],
      coverage: { bytes: 1, judged: 1, opaque: 0, unknown_fields: 0 },
      usage: { input_tokens: 1 },
      finish_reasons: ['stop'],
    });
  });

  it('holds only what is read in the phase that it is about', () => {
    const facts = aFacts({ parts: [aPart(), aPart({ kind: 'media', media: 'image/png' })] });
    expect(write(facts, 'phase', 'parts.media', 'parts.turn', 'upstream.host')).toEqual({
      phase: 'request',
      parts: [{ turn: 0 }, { turn: 0, media: 'image/png' }],
      upstream: { host: facts.route.upstream.url.hostname },
    });
    expect(write({ ...facts, phase: 'response' }, 'phase')).toEqual({});
  });

  it('holds as much of a field as its path says', () => {
    const facts = aFacts({ parts: [aPart(), aPart()] });
    expect(write(facts, 'parts', 'coverage')).toEqual({ parts: [{}, {}], coverage: {} });
    expect(write(facts, 'coverage.*', 'model.*')).toEqual({
      coverage: { bytes: 1, judged: 1, opaque: 0, unknown_fields: 0 },
      model: 'gpt-4o',
    });
    expect(write(facts, 'limits.n')).toEqual({ limits: { max_output_tokens: 10, n: 1 } });
    expect(write(facts, 'parts.@text')).toEqual({ parts: [{ '@text': 0 }, { '@text': 1 }] });
  });

  it('holds hashes of instructions alone, each that of its own text', () => {
    const writer = createInputWriter({ request: ['parts.sha256'], response: [] });
    const texts = Array.from({ length: 30 }, (_, index) => `Be kind ${String(index % 20)}.`);
    const longs = ['x', 'y'].map((letter) => letter.repeat(200_000));
    for (const text of [...texts, ...longs, ...longs, ...texts])
      expect(writer(aFacts({ parts: [aPart({ origin: 'developer', text })] }))).toEqual({
        parts: [{ sha256: hash('sha256', text) }],
      });
    const others = [
      aPart({ origin: 'user' }),
      aPart({ origin: 'tool' }),
      aPart({ origin: 'system', turn: -1 }),
    ];
    expect(writer(aFacts({ parts: others }))).toEqual({ parts: [{}, {}, {}] });
  });

  it('counts characters as people do', () => {
    const lengthOf = (text: string): unknown => write(aFacts({ parts: [aPart({ text })] }), 'parts.chars');
    const counted: ReadonlyArray<readonly [string, number]> = [
      ['', 0],
      ['abc', 3],
      ['ä€', 2],
      ['a😀b😀', 4],
      ['\ud83d', 1],
      ['ж'.repeat(10_000), 10_000],
      ['ab😀'.repeat(5_000), 15_000],
    ];
    for (const [text, chars] of counted) expect(lengthOf(text)).toEqual({ parts: [{ chars }] });
  });
});

describe('a path of the input', () => {
  it.each([
    '*',
    'phase',
    'model.*',
    'parts',
    'parts.*',
    'parts.kind',
    'parts.@text',
    'parts.arguments.to.name',
    'limits.n',
  ])('is one: %s', (path) => expect(isInputPath(path)).toBe(true));

  it.each([
    '',
    'partz',
    'parts.',
    'parts.colour',
    'parts.kind.x',
    'parts.*.kind',
    '*.parts',
    'constructor',
    'parts.__proto__',
  ])('is none: %s', (path) => expect(isInputPath(path)).toBe(false));

  it('is read by whoever reads it, what is above it whole, or anything below it', () => {
    const reading = (read: string): boolean =>
      mayRead({ request: [], response: ['phase', read] }, 'response', 'parts.arguments');
    for (const read of ['*', 'parts.*', 'parts.arguments', 'parts.arguments.*', 'parts.arguments.to'])
      expect([read, reading(read)]).toEqual([read, true]);
    for (const read of ['parts', 'parts.kind', 'parts.argument', 'findings.*', 'parts.@text'])
      expect([read, reading(read)]).toEqual([read, false]);
    expect(mayRead({ request: ['phase'], response: [] }, 'request', '*')).toBe(true);
    expect(mayRead({ request: [], response: ['*'] }, 'request', 'phase')).toBe(false);
  });

  it('leads to a text also where the host reads it for a policy', () => {
    for (const path of ['*', 'parts.*', 'parts.text', 'parts.@text'])
      expect(readsText({ request: [path], response: [] }, 'request')).toBe(true);
    expect(readsText({ request: ['parts.*'], response: ['parts.kind', 'parts'] }, 'response')).toBe(false);
  });
});
