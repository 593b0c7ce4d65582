// What an upstream may do on its socket: none of it reaches the caller as an answer, and none of it the next exchange.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostern, type Postern } from '../support/postern.ts';
import { startRawUpstream, type RawUpstream } from '../support/raw.ts';
import { until } from '../support/until.ts';

const completion = (text: string): string =>
  JSON.stringify({
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  });
const GOOD = completion('good');
const FORGED = completion('forged');

const answer = (body: string, lines: readonly string[] = [`Content-Length: ${body.length}`]): string =>
  ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...lines, '', body].join('\r\n');
const chunks = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

let trick: (socket: Socket) => void;
let upstream: RawUpstream;
let postern: Postern;

beforeAll(async () => {
  upstream = await startRawUpstream((_request, socket) => trick(socket));
  postern = await startPostern({
    policies: { 'config.json': '{}' },
    upstreams: { openai: { provider: 'openai', url: upstream.url } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  trick = (socket) => socket.write(answer(GOOD));
});

interface Seen {
  readonly status: number;
  readonly code?: string | undefined;
  readonly text?: string | undefined;
  readonly headers: Headers;
}

async function ask(stream = false): Promise<Seen> {
  const { status, headers, ...rest } = await fetch(`${postern.url}/openai/v1/chat/completions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'hi' }] }),
  }).then(async (reply) => ({ status: reply.status, headers: reply.headers, body: await reply.text() }));
  const body = JSON.parse(rest.body) as {
    error?: { code?: string };
    choices?: ReadonlyArray<{ message: { content: string } }>;
  };
  return { status, headers, code: body.error?.code, text: body.choices?.[0]?.message.content };
}

const send =
  (...pieces: readonly string[]) =>
  async (socket: Socket): Promise<void> => {
    for (const piece of pieces) {
      socket.write(Buffer.from(piece, 'latin1'));
      await pause(20);
    }
  };

const NOT_UNDERSTOOD = [502, 'postern_e_upstream_response'] as const;
const BROKEN = [502, 'postern_e_upstream_unreachable'] as const;

describe('an answer that can be read in two ways is refused', () => {
  const rows: ReadonlyArray<readonly [string, readonly string[], readonly [number, string]]> = [
    [
      'a length and chunks',
      [answer(chunks(GOOD), [`Content-Length: ${GOOD.length}`, 'Transfer-Encoding: chunked'])],
      BROKEN,
    ],
    [
      'chunks and a length',
      [answer(chunks(GOOD), ['Transfer-Encoding: chunked', `Content-Length: ${GOOD.length}`])],
      BROKEN,
    ],
    [
      'two lengths',
      [answer(GOOD, [`Content-Length: ${GOOD.length}`, `Content-Length: ${GOOD.length}`])],
      BROKEN,
    ],
    ['a length with a sign', [answer(GOOD, [`Content-Length: +${GOOD.length}`])], BROKEN],
    [
      'two types',
      [answer(GOOD, [`Content-Length: ${GOOD.length}`, 'Content-Type: text/plain'])],
      NOT_UNDERSTOOD,
    ],
    ['lines that end in LF alone', [answer(GOOD).replaceAll('\r\n', '\n')], BROKEN],
    ['a folded line', [answer(GOOD, ['X-A: a', ' b', `Content-Length: ${GOOD.length}`])], BROKEN],
    [
      'chunks twice',
      [answer(chunks(GOOD), ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'])],
      NOT_UNDERSTOOD,
    ],
    ['compressed chunks', [answer(chunks(GOOD), ['Transfer-Encoding: gzip, chunked'])], NOT_UNDERSTOOD],
    ['another version', [answer(GOOD).replace('1.1', '3.0')], BROKEN],
    ['no HTTP at all', ['220 mail.example ESMTP\r\n'], BROKEN],
    [
      'a redirect',
      [answer('{}').replace('200 OK', '302 Found\r\nLocation: http://127.0.0.1:1/')],
      NOT_UNDERSTOOD,
    ],
    [
      'a permanent redirect',
      [answer('{}').replace('200 OK', '308 Moved\r\nLocation: https://evil.example/')],
      NOT_UNDERSTOOD,
    ],
    ['nothing to say', ['HTTP/1.1 204 No Content\r\n\r\n'], NOT_UNDERSTOOD],
    ['half of it', [answer(GOOD).replace('200 OK', '206 Partial Content')], NOT_UNDERSTOOD],
    [
      'switching protocols',
      ['HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
      BROKEN,
    ],
    ['a go-ahead that nobody asked for', ['HTTP/1.1 100 Continue\r\n\r\n', answer(GOOD)], BROKEN],
    [
      'a head of 64 KiB',
      [answer(GOOD, [`X-A: ${'a'.repeat(65_536)}`, `Content-Length: ${GOOD.length}`])],
      BROKEN,
    ],
  ];
  it.each(rows)('%s', async (_, pieces, [status, code]) => {
    trick = (socket) => void send(...pieces)(socket);
    expect(await ask()).toMatchObject({ status, code });
  });

  it.each(['gzip', 'br', 'identity, identity', 'unknown'])(
    'encoded as %s, whole and streamed',
    async (encoding) => {
      trick = (socket) =>
        socket.write(answer(GOOD, [`Content-Length: ${GOOD.length}`, `Content-Encoding: ${encoding}`]));
      expect(await ask()).toMatchObject({ status: 502, code: NOT_UNDERSTOOD[1] });
      trick = (socket) =>
        socket.write(
          answer('data: [DONE]\n\n', ['Content-Length: 14', `Content-Encoding: ${encoding}`]).replace(
            'application/json',
            'text/event-stream',
          ),
        );
      expect(await ask(true)).toMatchObject({ status: 502, code: NOT_UNDERSTOOD[1] });
    },
  );
});

describe('what comes before an answer', () => {
  it('is swallowed', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n';
    trick = (socket) => void send(hints, 'HTTP/1.1 102 Processing\r\n\r\n', answer(GOOD))(socket);
    const seen = await ask();
    expect(seen).toMatchObject({ status: 200, text: 'good' });
    expect(seen.headers.get('link')).toBeNull();
  });

  it('does not count as one, however often it comes', async () => {
    trick = (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 5);
      socket.once('close', () => clearInterval(timer));
    };
    expect(await ask()).toMatchObject({ status: 502, code: NOT_UNDERSTOOD[1] });
  });
});

describe('what comes after an answer', () => {
  it.each([
    ['in the same packet', [answer(GOOD) + answer(FORGED)]],
    ['while the connection is idle', [answer(GOOD), answer(FORGED)]],
    ['and is no answer', [answer(GOOD), 'x']],
    ['and is half of one', [answer(GOOD) + answer(FORGED).slice(0, 40)]],
  ])('closes the connection, and is nobody’s: %s', async (_, pieces) => {
    const tricks = [send(...pieces), send(answer(GOOD))];
    trick = (socket) => void tricks.shift()?.(socket);
    expect(await ask()).toMatchObject({ status: 200, text: 'good' });
    await pause(60);
    const connections = upstream.arrived.length;
    expect(await ask()).toMatchObject({ status: 200, text: 'good' });
    expect(upstream.arrived.length).toBe(connections + 1);
  });
});

describe('the headers of an answer', () => {
  it('are those that SDKs read', async () => {
    trick = (socket) =>
      socket.write(
        answer(GOOD, [
          `Content-Length: ${GOOD.length}`,
          'X-Request-Id: r-1',
          'OpenAI-Processing-Ms: 7',
          'Retry-After: 1',
          'Set-Cookie: a=b',
          'Alt-Svc: h3=":443"',
          'Location: http://evil.example/',
          'Strict-Transport-Security: max-age=1',
          'X-Postern-Decision: forged',
          'X-Stray: caf\xe9',
          'X-Ms-Note: caf\xe9',
        ]),
      );
    const { headers } = await ask();
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json',
      'content-length': String(GOOD.length),
      'openai-processing-ms': '7',
      'retry-after': '1',
      'x-request-id': 'r-1',
      'x-postern-decision': expect.stringMatching(/^[0-9a-f-]{36}$/),
      connection: 'keep-alive',
      date: expect.any(String),
      'keep-alive': expect.any(String),
    });
  });
});

describe('an upstream that hangs up', () => {
  it.each([
    ['before the end of its length', [answer(GOOD, [`Content-Length: ${GOOD.length + 1}`])]],
    ['between two chunks', [answer(chunks(GOOD).slice(0, -5), ['Transfer-Encoding: chunked'])]],
  ])('%s has not answered', async (_, pieces) => {
    trick = (socket) => void send(...pieces)(socket).then(() => socket.destroy());
    expect(await ask()).toMatchObject({ status: 502, code: NOT_UNDERSTOOD[1] });
  });

  it('before it has said anything is not asked again', async () => {
    trick = (socket) => socket.destroy();
    const before = upstream.arrived.join('').length;
    expect(await ask()).toMatchObject({ status: 502, code: BROKEN[1] });
    const once = upstream.arrived.join('').slice(before);
    await until('no second request', async () => once.split('POST /').length === 2);
  });
});
