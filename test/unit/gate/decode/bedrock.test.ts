import { describe, expect, it } from '@jest/globals';
import { codecOf, encoderOf, spliceEdits, type StreamEvent } from '../../../../src/gate/decode/index.ts';
import { decodeStream, writeEvents } from '../../../support/events.ts';

const codec = codecOf({ dialect: 'bedrock-converse' });
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const decode = (request: object, model = 'amazon.nova-lite-v1:0') =>
  codec.decodeRequest(bytesOf(request), { model, stream: false });

describe('a converse request', () => {
  it.each([
    ['a count in a string', '{"inferenceConfig":{"maxTokens":"400"}}', 'json.count_type'],
    ['a count with an exponent', '{"inferenceConfig":{"maxTokens":4e2}}', 'json.count_type'],
    ['messages that are none', '{"messages":"hello"}', 'request.messages_type'],
    ['a message of nobody', '{"messages":[{"content":[]}]}', 'request.role_type'],
    ['another model than its path', '{"model":"other"}', 'request.model_conflict'],
  ])('is refused with %s', (_, body, code) => {
    const decoded = codec.decodeRequest(Buffer.from(body), { model: 'm', stream: false });
    expect(decoded).toMatchObject({ ok: false, error: { code } });
  });

  it('names the stored prompt that it is for', () => {
    const prompt = 'arn:aws:bedrock:eu-west-1:123456789012:prompt/PROMPT1234:2';
    expect(decode({}, prompt)).toMatchObject({
      value: { references: [{ kind: 'prompt', value: prompt, origin: 'user' }] },
    });
    expect(decode({})).toMatchObject({ value: { references: [] } });
  });

  it('has unknown fields where it goes past what is known of a model', () => {
    expect(decode({ additionalModelRequestFields: { system: 'Be rude.' } })).toMatchObject({
      value: {
        parts: [
          { lane: 'unknown_name', text: 'system' },
          { lane: 'unknown', text: 'Be rude.', origin: 'unknown' },
        ],
        coverage: { unknownFields: 1 },
      },
    });
  });

  it('has tools of a kind that nobody knows, and says so', () => {
    expect(decode({ toolConfig: { tools: [{ ownTool: { name: 'shell' } }] } })).toMatchObject({
      value: { tools: [{ name: 'shell', kind: 'shell' }], coverage: { unknownFields: 1 } },
    });
  });

  it.each([
    ['text', 'txt', Buffer.from('Low water at six.'), { kind: 'text', text: 'Low water at six.', at: null }],
    ['text that is none', 'txt', Buffer.from([0xff, 0xfe]), { kind: 'media', media: 'text/plain' }],
    ['pages', 'pdf', Buffer.from('%PDF'), { kind: 'media', media: 'application/pdf' }],
    ['what nobody knows', 'odt', Buffer.from('PK'), { kind: 'media', media: 'application/octet-stream' }],
  ])('has documents of bytes: %s', (_, format, bytes, part) => {
    const document = { format, name: 'a', source: { bytes: bytes.toString('base64') } };
    const decoded = decode({ messages: [{ role: 'user', content: [{ document }] }] });
    expect(decoded.ok && decoded.value.parts).toContainEqual(
      expect.objectContaining({ ...part, origin: 'document' }),
    );
  });
});

describe('pinning an instruction', () => {
  const pin = (request: object): unknown => {
    const body = bytesOf(request);
    const edits = codec.pinSystem(body, 'Be kind.');
    return edits.ok ? JSON.parse(spliceEdits(body, edits.value).toString()) : edits.error;
  };
  const pinned = { text: 'Be kind.' };

  it.each([
    [{}, { system: [pinned] }],
    [{ messages: [] }, { system: [pinned], messages: [] }],
    [{ system: [] }, { system: [pinned] }],
    [{ system: null }, { system: [pinned] }],
    [{ system: [{ text: 'Be brief.' }] }, { system: [pinned, { text: 'Be brief.' }] }],
    [{ system: [pinned, { text: 'x' }] }, { system: [pinned, { text: 'x' }] }],
  ])('into %j', (request, expected) => {
    expect(pin(request)).toEqual(expected);
  });
});

describe('an exception', () => {
  it.each([
    [400, 'ValidationException'],
    [403, 'AccessDeniedException'],
    [404, 'ResourceNotFoundException'],
    [413, 'ValidationException'],
    [415, 'ValidationException'],
    [500, 'InternalServerException'],
    [502, 'InternalServerException'],
    [503, 'ServiceUnavailableException'],
    [504, 'ModelTimeoutException'],
  ])('of status %d is a %s by its header', (status, type) => {
    const { headers, body } = encoderOf('bedrock').error({
      status,
      code: 'c',
      message: 'No.',
      requestId: 'r',
    });
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-amzn-requestid': 'r',
      'x-amzn-errortype': type,
    });
    expect(JSON.parse(body.toString())).toEqual({ message: 'No.' });
  });
});

describe('the end of a stream that is cut', () => {
  const usage = { inputTokens: 3, outputTokens: 4 };
  const eventOf = (name: string, data: object): StreamEvent => ({
    name,
    data: bytesOf(data),
    deltas: [],
    role: 'content',
    closes: [],
    coverage: { bytes: 0, judged: 0, opaque: 0, unknownFields: 0 },
  });
  const endOf = (...released: readonly StreamEvent[]): readonly string[] => {
    const tail = codec.encode.openTail();
    for (const event of released) tail.released(event);
    return tail.refuse('No.', usage).map(({ name, data }) => `${name} ${data.toString()}`);
  };
  const last = [
    'messageStop {"stopReason":"guardrail_intervened"}',
    'metadata {"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"metrics":{"latencyMs":0}}',
  ];
  const said = (contentBlockIndex: number): readonly string[] => [
    `contentBlockDelta {"contentBlockIndex":${contentBlockIndex},"delta":{"text":"No."}}`,
    `contentBlockStop {"contentBlockIndex":${contentBlockIndex}}`,
  ];

  it('begins it where nothing was seen', () => {
    expect(endOf()).toEqual(['messageStart {"role":"assistant"}', ...said(0), ...last]);
  });

  it('closes what is open, and speaks in a block of its own', () => {
    expect(
      endOf(
        eventOf('messageStart', { role: 'assistant' }),
        eventOf('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' } }),
        eventOf('contentBlockStop', { contentBlockIndex: 0 }),
        eventOf('contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'b' } }),
      ),
    ).toEqual(['contentBlockStop {"contentBlockIndex":1}', ...said(2), ...last]);
  });

  it('is understood as an answer that refuses, like a whole one', () => {
    const frames = codec.encode.openTail().refuse('No.', usage);
    const events = decodeStream(codec, writeEvents(frames));
    expect(events.flatMap(({ deltas }) => deltas.map(({ text }) => text))).toEqual(['No.']);
    expect(events.flatMap(({ finishReasons = [] }) => finishReasons)).toEqual(['guardrail_intervened']);
    expect(events.at(-1)).toMatchObject({ usage, role: 'terminal' });
    const whole = codec.encode.answer({ message: 'No.', model: 'm', requestId: 'r', usage });
    expect(codec.decodeResponse(whole ?? Buffer.alloc(0))).toMatchObject({
      value: { parts: [{ text: 'No.' }], usage, finishReasons: ['guardrail_intervened'] },
    });
  });
});

describe('a block of a stream', () => {
  it.each(['"0"', '-1', '1e0', '0.5'])('has a number, not %s', (index) => {
    const data = Buffer.from(`{"contentBlockIndex":${index},"delta":{"text":"a"}}`);
    expect(() => decodeStream(codec, writeEvents([{ name: 'contentBlockDelta', data }]))).toThrow(
      'count_type',
    );
  });
});
