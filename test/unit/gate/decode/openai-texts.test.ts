// The operations of OpenAI that take texts of users and nothing else: completions, embeddings, moderations.
import { describe, expect, it } from '@jest/globals';
import type { Dialect } from '../../../../src/exchange/index.ts';
import { codecOf, findOperation, FRAMINGS } from '../../../../src/gate/decode/index.ts';
import { writeStream } from '../../../support/events.ts';

const DIALECTS = ['openai-completions', 'openai-embeddings', 'openai-moderations'] as const;

const FIELDS = {
  'openai-completions': 'prompt',
  'openai-embeddings': 'input',
  'openai-moderations': 'input',
} as const;

const decode = (dialect: Dialect, body: object) =>
  codecOf({ dialect }).decodeRequest(Buffer.from(JSON.stringify(body)));

const faultOf = (dialect: Dialect, body: object): string | null => {
  const decoded = decode(dialect, body);
  return decoded.ok ? null : decoded.error.code;
};

const accepted = (dialect: Dialect, body: object) => {
  const decoded = decode(dialect, body);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value;
};

describe.each(DIALECTS)('the texts of %s', (dialect) => {
  const field = FIELDS[dialect];
  const asking = (value: unknown): object => ({ model: 'm', [field]: value });
  const spokenIn = (value: unknown) => accepted(dialect, asking(value)).parts.filter(({ turn }) => turn >= 0);

  it('are one turn, or a turn each', () => {
    expect(spokenIn('a')).toMatchObject([{ turn: 0, origin: 'user', lane: '0.0.text', text: 'a' }]);
    expect(spokenIn(['a', 'b'])).toMatchObject([
      { turn: 0, lane: '0.0.text', text: 'a' },
      { turn: 1, lane: '1.0.text', text: 'b' },
    ]);
    expect(spokenIn([])).toEqual([]);
    expect(spokenIn(null)).toEqual([]);
  });

  it.each([[[1, 2]], [[[1, 2], [3]]], [['a', 1]], [[[]]], [7]])('are not tokens: %j', (value) => {
    expect(faultOf(dialect, asking(value))).toBe('request.opaque_tokens');
  });

  it.each([true, [null], [true]])('are not of another type: %j', (value) => {
    expect(faultOf(dialect, asking(value))).toBe(`request.${field}_type`);
  });

  it('have no system instruction to be pinned in front of them', () => {
    const pinned = codecOf({ dialect }).pinSystem(Buffer.from(JSON.stringify(asking('a'))), 'Be kind.');
    expect(pinned).toEqual({ ok: false, error: { code: 'request.no_system_instruction' } });
  });
});

describe('an object where a text should be', () => {
  it('is a block of the first turn in moderations, and nowhere else anything', () => {
    const block = { type: 'text', text: 'a' };
    const { parts } = accepted('openai-moderations', { input: [block, { ...block, text: 'b' }] });
    expect(parts).toMatchObject([
      { turn: 0, lane: '0.0.text' },
      { turn: 0, lane: '0.1.text' },
    ]);
    expect(faultOf('openai-embeddings', { model: 'm', input: [block] })).toBe('request.input_type');
    expect(faultOf('openai-completions', { model: 'm', prompt: block })).toBe('request.prompt_type');
  });
});

describe('fields whose type decides', () => {
  it.each([
    ['openai-completions', 'model', undefined],
    ['openai-completions', 'n', '2'],
    ['openai-completions', 'best_of', 2.5],
    ['openai-completions', 'max_tokens', -1],
    ['openai-completions', 'logprobs', true],
    ['openai-completions', 'stream', 'true'],
    ['openai-completions', 'echo', 1],
    ['openai-embeddings', 'model', undefined],
    ['openai-embeddings', 'dimensions', '3'],
    ['openai-moderations', 'model', null],
  ] as const)('are refused in %s: %s as %j', (dialect, field, value) => {
    const body = { model: 'm', [FIELDS[dialect]]: 'a', [field]: value };
    expect(faultOf(dialect, body)).toBe(`request.${field}_type`);
  });

  it('say how much is asked for', () => {
    const { limits } = accepted('openai-completions', { model: 'm', max_tokens: 9, n: 2, best_of: 3 });
    expect(limits).toEqual({ max_output_tokens: 9, n: 2, best_of: 3 });
    expect(accepted('openai-completions', { model: 'm', n: null }).limits).toEqual({});
  });
});

describe('where they are to be had', () => {
  it.each([
    ['openai', '/v1/completions', 'text_completion'],
    ['openai', '/v1/embeddings', 'embeddings'],
    ['openai', '/v1/moderations', 'moderation'],
    ['azure', '/openai/deployments/mine/completions?api-version=2024-10-21', 'text_completion'],
    ['azure', '/openai/deployments/mine/embeddings?api-version=2024-10-21', 'embeddings'],
    ['azure', '/openai/v1/embeddings', 'embeddings'],
    ['azure', '/openai/v1/completions?api-version=preview', 'text_completion'],
  ] as const)('%s: %s', (provider, path, name) => {
    expect(findOperation(provider, 'POST', path)?.operation.name).toBe(name);
  });

  it('is not Azure for moderations', () => {
    expect(findOperation('azure', 'POST', '/openai/v1/moderations')).toBeNull();
  });
});

describe('a vector', () => {
  const coverageOf = (embedding: unknown) => {
    const body = Buffer.from(JSON.stringify({ object: 'list', data: [{ index: 0, embedding }] }));
    const decoded = codecOf({ dialect: 'openai-embeddings' }).decodeResponse(body);
    if (!decoded.ok) throw new Error(decoded.error.code);
    return decoded.value.coverage;
  };

  it('is opaque, as numbers and as base64', () => {
    expect(coverageOf([0.1, -2])).toMatchObject({ opaque: 8, unknownFields: 0 });
    expect(coverageOf('zczMPc3MTL4=')).toMatchObject({ opaque: 14, unknownFields: 0 });
  });

  it('is nothing else', () => {
    expect(coverageOf([0.1, 'text'])).toMatchObject({ opaque: 0, unknownFields: 1 });
    expect(coverageOf('some text')).toMatchObject({ opaque: 0, judged: 11 });
  });
});

describe('a request for pictures', () => {
  const asking = (more: object): object => ({ model: 'm', prompt: 'A gate.', ...more });

  it('says what they are to show, and how many are asked for', () => {
    const { parts, limits } = accepted('openai-images', asking({ n: 3, stream: false }));
    expect(parts).toContainEqual(
      expect.objectContaining({ turn: 0, origin: 'user', lane: '0.0.text', text: 'A gate.' }),
    );
    expect(limits).toEqual({ n: 3 });
    expect(accepted('openai-images', asking({})).limits).toEqual({});
  });

  it.each([
    ['request.stream_of_media', { stream: true }],
    ['request.stream_type', { stream: 'true' }],
    ['request.n_type', { n: '3' }],
    ['request.prompt_type', { prompt: ['A gate.'] }],
    ['request.prompt_type', { prompt: undefined }],
  ])('is refused: %s', (code, more) => {
    expect(faultOf('openai-images', asking(more))).toBe(code);
  });

  it('has no place for a system instruction', () => {
    const codec = codecOf({ dialect: 'openai-images' });
    expect(codec.pinSystem(Buffer.from('{}'), 'Be kind.').ok).toBe(false);
  });
});

describe('the models there are', () => {
  it.each([
    ['openai', '/v1/models', undefined],
    ['openai', '/v1/models/gpt-4o', 'gpt-4o'],
    ['azure', '/openai/models?api-version=2024-10-21', undefined],
    ['azure', '/openai/v1/models', undefined],
    ['azure', '/openai/v1/models/gpt-4o?api-version=preview', 'gpt-4o'],
  ] as const)('are asked for in the path alone: %s %s', (provider, path, model) => {
    expect(findOperation(provider, 'GET', path)).toMatchObject({
      operation: { name: 'models', body: 'none' },
      ...(model === undefined ? {} : { address: { model } }),
    });
    expect(findOperation(provider, 'POST', path)).toBeNull();
  });

  it('are asked for with no body', () => {
    const codec = codecOf({ dialect: 'openai-models' });
    expect(codec.decodeRequest(Buffer.alloc(0), { model: 'gpt-4o' })).toMatchObject({
      value: { model: 'gpt-4o', parts: [], coverage: { bytes: 0 } },
    });
    expect(codec.decodeRequest(Buffer.from('{}'))).toMatchObject({ error: { code: 'body.unexpected' } });
  });
});

describe('a stream of completions', () => {
  it('is refused where an event has a name that clients skip', () => {
    const decoder = codecOf({ dialect: 'openai-completions' }).openStream(FRAMINGS.sse);
    const named = writeStream([{ event: 'ping', data: { choices: [{ text: 'a' }] } }]);
    expect(decoder.push(named)).toMatchObject({ error: { code: 'stream.event_name' } });
  });
});
