// Heads as they stand on the wire: what can be read in two ways is refused with a code, and never leaves the pod.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostern, type Postern } from '../support/postern.ts';
import { SPELLINGS } from '../support/raw-paths.ts';
import { parseAnswers, sendRaw, startRawUpstream, type RawUpstream } from '../support/raw.ts';

const COMPLETION = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
});
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${COMPLETION.length}\r\n\r\n${COMPLETION}`;

let upstream: RawUpstream;
let postern: Postern;

beforeAll(async () => {
  upstream = await startRawUpstream((_request, socket) => socket.write(ANSWER));
  postern = await startPostern({
    policies: { 'config.json': '{}' },
    upstreams: { openai: { provider: 'openai', url: upstream.url } },
    settings: { audit: { file: '$FOLDER/audit.jsonl' }, limits: { body_bytes: 65_536 } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const CHAT = '/openai/v1/chat/completions';
const BODY = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
const BASE = ['Host: localhost', 'Content-Type: application/json', 'Authorization: Bearer k'];
const LENGTH = `Content-Length: ${BODY.length}`;

const message = (first: string, lines: readonly string[], body = ''): string =>
  `${[first, ...lines].join('\r\n')}\r\n\r\n${body}`;
const post = (lines: readonly string[] = [], path = CHAT): string =>
  message(`POST ${path} HTTP/1.1`, [...BASE, LENGTH, ...lines], BODY);
const chunked = (lines: readonly string[], body: string): string =>
  message(`POST ${CHAT} HTTP/1.1`, [...BASE, ...lines], body);
const CHUNKS = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const hits = (): number =>
  upstream.arrived.reduce((sum, text) => sum + text.split('HTTP/1.1\r\n').length - 1, 0);

describe('a head that is read in one way', () => {
  it.each([
    ['with a length', post()],
    ['in chunks', chunked(['Transfer-Encoding: chunked'], CHUNKS)],
    [
      'in chunks with extensions and trailers, which end here',
      chunked(
        ['Transfer-Encoding: chunked'],
        `${BODY.length.toString(16)};a=b\r\n${BODY}\r\n0\r\nX-Api-Key: other\r\n\r\n`,
      ),
    ],
    ['with lists in two lines', post(['Accept: a/b', 'Accept: c/d', 'OpenAI-Beta: x', 'OpenAI-Beta: y'])],
    [
      'of a client that would rather speak HTTP/2',
      post(['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAA']),
    ],
    ['after empty lines', `\r\n\r\n${post()}`],
    ['with a host that is an address', post().replace('localhost', '[::1]:7411')],
  ])('passes: %s', async (_, raw) => {
    const before = hits();
    const { answers } = await sendRaw(postern.url, raw, { answers: 1 });
    expect(answers).toMatchObject([{ status: 200, body: COMPLETION }]);
    expect(hits()).toBe(before + 1);
  });

  it('is written anew for the upstream: nothing is in it that was not judged', async () => {
    const before = upstream.arrived.join('').length;
    await sendRaw(
      postern.url,
      post([
        'User-Agent: test/1',
        'OpenAI-Organization: org-1',
        'Accept-Encoding: gzip, br',
        'Connection: keep-alive',
        'Keep-Alive: timeout=5',
        'TE: trailers',
        'X-Forwarded-For: 1.2.3.4',
        'X-HTTP-Method-Override: DELETE',
        'Cookie: a=b',
        'Via: 1.1 proxy',
        '__proto__: x',
      ]),
      { answers: 1 },
    );
    expect(upstream.arrived.join('').slice(before)).toBe(
      message(
        'POST /v1/chat/completions HTTP/1.1',
        [
          `host: ${new URL(upstream.url).host}`,
          'connection: keep-alive',
          'authorization: Bearer k',
          'user-agent: test/1',
          'openai-organization: org-1',
          'content-type: application/json',
          'accept-encoding: identity',
          `content-length: ${BODY.length}`,
        ],
        BODY,
      ),
    );
  });
});

const BAD = 'postern_e_bad_request';
const UNKNOWN = 'postern_e_unknown_operation';

describe('a head that may be read in two ways, or not at all, is refused', () => {
  const without = (header: string): string =>
    message(
      `POST ${CHAT} HTTP/1.1`,
      [...BASE, LENGTH].filter((line) => !line.startsWith(header)),
      BODY,
    );
  const first = (line: string): string => message(line, [...BASE, LENGTH], BODY);
  const rows: ReadonlyArray<readonly [string, string, (readonly [number, string])?]> = [
    ['HTTP/1.0', first(`POST ${CHAT} HTTP/1.0`)],
    ['HTTP/1.0 in chunks', message(`POST ${CHAT} HTTP/1.0`, [...BASE, 'Transfer-Encoding: chunked'], CHUNKS)],
    ['HTTP/0.9', `GET ${CHAT}\r\n\r\n`],
    ['HTTP/2.0 by name', first(`POST ${CHAT} HTTP/2.0`)],
    ['HTTP/1.2', first(`POST ${CHAT} HTTP/1.2`)],
    ['another protocol', first(`POST ${CHAT} ICE/1.0`)],
    ['the beginning of TLS', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03'],
    ['half the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n'],
    ['a method that nobody knows', first(`POTS ${CHAT} HTTP/1.1`)],
    ['a method in lower case', first(`post ${CHAT} HTTP/1.1`)],
    ['a method that no operation has', first(`QUERY ${CHAT} HTTP/1.1`), [400, UNKNOWN]],
    ['TRACE', message(`TRACE ${CHAT} HTTP/1.1`, BASE), [400, UNKNOWN]],
    ['a target with its scheme', first(`POST http://localhost${CHAT} HTTP/1.1`)],
    ['a target with another host', first(`POST http://evil.example${CHAT} HTTP/1.1`)],
    ['a target that is an authority', first('POST localhost:443 HTTP/1.1')],
    ['a tunnel', first('CONNECT api.openai.com:443 HTTP/1.1')],
    ['an asterisk', message('OPTIONS * HTTP/1.1', BASE)],
    ['a target with a space', first(`POST ${CHAT} x HTTP/1.1`)],
    ['a target that never ends', first(`POST ${CHAT}?${'x'.repeat(9_000)} HTTP/1.1`)],
    ['no host', without('Host')],
    ['an empty host', post().replace('Host: localhost', 'Host: ')],
    ['two hosts', post(['Host: localhost'])],
    ['two hosts in one', post().replace('localhost', 'localhost, evil.example')],
    ['a host with a user', post().replace('localhost', 'a@localhost')],
    ['a host with a path', post().replace('localhost', 'localhost/x')],
    ['two types', post(['Content-Type: application/json'])],
    ['two encodings', post(['Content-Encoding: identity', 'Content-Encoding: identity'])],
    ['the same credential twice', post(['authorization: Bearer k'])],
    ['two credentials: authorization and api-key', post(['api-key: k'])],
    ['two credentials: authorization and x-api-key', post(['X-Api-Key: k'])],
    ['two credentials: authorization and x-goog-api-key', post(['x-goog-api-key: k'])],
    ['all credentials at once', post(['api-key: a', 'x-api-key: b', 'x-goog-api-key: c'])],
    ['a credential for a proxy', post(['Proxy-Authorization: Basic eA=='])],
    ['a header of nobody, twice', post(['X-Anything: a', 'x-anything: a'])],
    ['two trace contexts', post(['traceparent: a', 'traceparent: b'])],
    ['an upgrade', post(['Connection: upgrade', 'Upgrade: websocket'])],
    ['an upgrade to one of two', post(['Upgrade: h2c, websocket'])],
    ['announced trailers', chunked(['Transfer-Encoding: chunked', 'Trailer: X-Api-Key'], CHUNKS)],
    ['a credential that is the connection’s', post(['Connection: authorization'])],
    ['a header that is the connection’s', post(['Connection: close, openai-organization'])],
    ['a connection with nothing in its list', post(['Connection: ,'])],
    ['expecting something else', post(['Expect: 200-ok'])],
    ['expecting more', post(['Expect: 100-continue, 200-ok'])],
    ['a letter beyond ASCII', post(['User-Agent: caf\xe9'])],
    ['a control character', post(['User-Agent: a\x01b'])],
    ['a NUL', post(['User-Agent: a\x00b'])],
    ['a DEL', post(['User-Agent: a\x7fb'])],
    ['a folded line', post(['User-Agent: a', ' b'])],
    ['a first line that is folded', message(`POST ${CHAT} HTTP/1.1`, [' x: y', ...BASE, LENGTH], BODY)],
    ['a space before the colon', post(['X-Api-Key : k'])],
    ['a space within a name', post(['X Api: k'])],
    ['no colon', post(['X-Api-Key'])],
    ['no name', post([': k'])],
    ['lines that end in LF alone', post().replaceAll('\r\n', '\n')],
    ['lines that end in CR alone', post().replaceAll('\r\n', '\r')],
    ['a bare LF in a value', post(['User-Agent: a\nX-Api-Key: k'])],
    [
      '101 headers',
      post(Array.from({ length: 101 - BASE.length }, (_, i) => `X-${i}: a`)),
      [431, 'postern_e_head_too_large'],
    ],
    [
      '64 KiB of headers',
      post(Array.from({ length: 70 }, (_, i) => `X-${i}: ${'a'.repeat(1_000)}`)),
      [431, 'postern_e_head_too_large'],
    ],
    ['a length and chunks', chunked([LENGTH, 'Transfer-Encoding: chunked'], CHUNKS)],
    ['chunks and a length', chunked(['Transfer-Encoding: chunked', LENGTH], CHUNKS)],
    ['two lengths that agree', post([LENGTH])],
    ['two lengths that do not', post(['Content-Length: 1'])],
    ['two lengths in one', chunked([`Content-Length: ${BODY.length}, ${BODY.length}`], BODY)],
    ['a length with a sign', chunked([`Content-Length: +${BODY.length}`], BODY)],
    ['a negative length', chunked(['Content-Length: -1'], BODY)],
    ['a length in hexadecimal', chunked(['Content-Length: 0x39'], BODY)],
    ['a length with a zero before it', chunked([`Content-Length: 0${BODY.length}`], BODY)],
    ['a length that overflows', chunked(['Content-Length: 18446744073709551673'], BODY)],
    ['an empty length', chunked(['Content-Length: '], BODY)],
    ['chunks in capitals', chunked(['Transfer-Encoding: Chunked'], CHUNKS)],
    ['chunks of something compressed', chunked(['Transfer-Encoding: gzip, chunked'], CHUNKS)],
    ['chunks twice', chunked(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], CHUNKS)],
    ['chunks twice in one', chunked(['Transfer-Encoding: chunked, chunked'], CHUNKS)],
    ['chunks and identity', chunked(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], CHUNKS)],
    ['identity as transfer encoding', chunked([LENGTH, 'Transfer-Encoding: identity'], BODY)],
    ['chunks by half a name', chunked([LENGTH, 'Transfer-Encoding: xchunked'], BODY)],
    ['chunks behind a vertical tab', chunked([LENGTH, 'Transfer-Encoding: \x0bchunked'], BODY)],
    ['chunks behind a folded line', chunked([LENGTH, 'Transfer-Encoding:', ' chunked'], BODY)],
    ['chunks with a quoted name', chunked([LENGTH, 'Transfer-Encoding: "chunked"'], BODY)],
    ['a chunk whose size has a prefix', chunked(['Transfer-Encoding: chunked'], `0x${CHUNKS}`)],
    ['a chunk whose size has a sign', chunked(['Transfer-Encoding: chunked'], `+${CHUNKS}`)],
    [
      'a chunk whose size overflows',
      chunked(['Transfer-Encoding: chunked'], `FFFFFFFFFFFFFFFF1\r\n${BODY}\r\n0\r\n\r\n`),
    ],
    [
      'a chunk whose lines end in LF',
      chunked(['Transfer-Encoding: chunked'], CHUNKS.replaceAll('\r\n', '\n')),
    ],
    [
      'a chunk that is longer than it says',
      chunked(['Transfer-Encoding: chunked'], `3\r\n${BODY}\r\n0\r\n\r\n`),
    ],
    ['an LF in an extension of a chunk', chunked(['Transfer-Encoding: chunked'], `2;a\n\r\n{}\r\n0\r\n\r\n`)],
    [
      'a body where there is to be none',
      message('GET /openai/v1/models HTTP/1.1', ['Host: a', 'Content-Length: 2'], '{}'),
    ],
    [
      'chunks where there is to be no body',
      message('GET /openai/v1/models HTTP/1.1', ['Host: a', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    ],
  ];

  it.each(rows)('%s', async (_, raw, [status, code] = [400, BAD] as const) => {
    const before = hits();
    const { answers } = await sendRaw(postern.url, raw, { answers: 1 });
    expect(answers).toMatchObject([{ status, code, headers: { 'x-should-retry': 'false' } }]);
    expect(hits()).toBe(before);
  });

  it('and its parts do not become the next request', async () => {
    const smuggled = post([], `${CHAT}?smuggled`);
    const payloads = [
      chunked(['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`),
      chunked(['Transfer-Encoding: xchunked', LENGTH], `${BODY}${smuggled}`),
      chunked(['Content-Length: 0', LENGTH], smuggled),
      chunked(['Transfer-Encoding: gzip, chunked'], `0\r\n\r\n${smuggled}`),
    ];
    for (const payload of payloads) {
      const before = hits();
      const { answers, isClosed } = await sendRaw(postern.url, payload);
      expect([answers.length, answers[0]?.code, isClosed]).toEqual([1, BAD, true]);
      expect(hits()).toBe(before);
    }
  });

  it('and accounted for, also where there was none', async () => {
    const { answers } = await sendRaw(postern.url, 'nonsense\r\n\r\n');
    const log = await readFile(join(postern.folder, 'audit.jsonl'), 'utf8');
    const id = answers[0]?.headers['x-postern-decision'] ?? 'none';
    expect(log.split('\n').find((line) => line.includes(id))).toContain('POSTERN_E_BAD_REQUEST');
  });

  it('and told what it is that cannot be read, but not what it said', async () => {
    const { answers } = await sendRaw(postern.url, post(['X-Api-Key: canary']), { answers: 1 });
    expect(answers[0]?.body).toContain('Send one credential, not authorization and x-api-key.');
    expect(answers[0]?.body).not.toContain('canary');
  });
});

describe('a path that others would mend', () => {
  it.each(Object.entries(SPELLINGS))('is refused: %s', async (_, spell) => {
    const before = hits();
    const { answers } = await sendRaw(postern.url, post([], spell('openai', '/v1/chat/completions')), {
      answers: 1,
    });
    expect(answers).toMatchObject([
      { code: expect.stringMatching(/^postern_e_(bad_request|unknown_(operation|upstream))$/) },
    ]);
    expect(hits()).toBe(before);
  });
});

describe('requests on one connection', () => {
  const refused = post().replace('"m"', '[1]');

  it('are answered in their order, each behind the verdict on the one before', async () => {
    const other = post().replace('"hi"', '"yo"');
    const { answers } = await sendRaw(postern.url, post() + refused + other + post(), { answers: 4 });
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200, 200]);
  });

  it('go nowhere when they follow one whose end is unknown', async () => {
    const before = hits();
    const { answers, isClosed } = await sendRaw(
      postern.url,
      chunked(['Transfer-Encoding: Chunked'], CHUNKS) + post(),
    );
    expect(answers.map(({ code }) => code)[0]).toBe(BAD);
    expect([answers.length, isClosed, hits()]).toEqual([1, true, before]);
  });

  it('do not take the answer of an earlier one with them when they are nonsense', async () => {
    const { answers, isClosed } = await sendRaw(postern.url, `${post()}nonsense\r\n\r\n`);
    expect([answers.map(({ status }) => status), isClosed]).toEqual([[200], true]);
  });

  it('are not read any more once the last was announced', async () => {
    const before = hits();
    const { answers, isClosed } = await sendRaw(postern.url, post(['Connection: close']) + post());
    expect([answers.length, isClosed, hits()]).toEqual([1, true, before + 1]);
  });

  it('end it when there are too many ahead of their answers', async () => {
    const { isClosed } = await sendRaw(postern.url, post().repeat(17));
    expect(isClosed).toBe(true);
  });
});

describe('a client that asks before it sends its body', () => {
  const head = message(`POST ${CHAT} HTTP/1.1`, [...BASE, LENGTH, 'Expect: 100-continue']);

  it('is told to go on when its head is acceptable', async () => {
    const { answers } = await sendRaw(postern.url, [head, BODY], { answers: 2 });
    expect(answers.map(({ status }) => status)).toEqual([100, 200]);
  });

  it('is refused at once when it is not', async () => {
    const { answers } = await sendRaw(postern.url, head.replace('/v1/', '/v2/'), { answers: 1 });
    expect(answers).toMatchObject([{ status: 400, code: UNKNOWN }]);
  });
});

describe('a body that is refused before it has ended', () => {
  it('does not cost its sender the answer', async () => {
    const large = 'x'.repeat(60_000);
    const { answers, isClosed } = await sendRaw(postern.url, [
      chunked(['Content-Length: 170000'], large),
      large,
      'x'.repeat(50_000),
    ]);
    expect(answers).toMatchObject([
      { status: 413, code: 'postern_e_body_too_large', headers: { connection: 'close' } },
    ]);
    expect(isClosed).toBe(true);
  });
});

describe('the reader of answers in these tests', () => {
  it('reads several, and none that is not whole', () => {
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
    expect(parseAnswers(`${one}${one}${one.slice(0, -1)}`)).toHaveLength(2);
  });
});
