// Callers that take their time, come in crowds, or do not listen; upstreams that fail: each has an end, and nobody else notices.
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeIdentity } from '../../src/demo/certificate.ts';
import { startPostern, type Postern } from '../support/postern.ts';
import { startRawUpstream, type RawUpstream } from '../support/raw.ts';
import { until } from '../support/until.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHAT = '/openai/v1/chat/completions';
const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer k' };
const question = (stream = false): string =>
  JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'hi' }] });
const ANSWER = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
});
const chunk = (content: string): string =>
  `data: ${JSON.stringify({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })}\n\n`;
const END = `data: ${JSON.stringify({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
})}\n\ndata: [DONE]\n\n`;

/** An upstream that streams as it is told to. */
let tell: (response: ServerResponse) => void;
let upstream: Server;
const servers: Postern[] = [];

beforeAll(async () => {
  upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.once('end', () => {
      if (body.includes('"stream":true'))
        return tell(response.writeHead(200, { 'content-type': 'text/event-stream' }));
      return response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
    });
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
});
beforeEach(() => {
  tell = (response) => void response.end(chunk('hi') + END);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});
afterAll(() => {
  upstream.close();
  upstream.closeAllConnections();
});

async function start(
  limits: object,
  rest: Partial<Parameters<typeof startPostern>[0]> = {},
): Promise<Postern> {
  const { port } = upstream.address() as AddressInfo;
  const postern = await startPostern({
    upstreams: { openai: { provider: 'openai', url: `http://127.0.0.1:${port}` } },
    settings: { limits },
    ...rest,
  });
  servers.push(postern);
  return postern;
}

const ask = (postern: Postern, stream = false): Promise<Response> =>
  fetch(`${postern.url}${CHAT}`, { method: 'POST', headers: HEADERS, body: question(stream) });

interface Line {
  readonly socket: Socket;
  seen: string;
  isClosed: boolean;
}

function dial(postern: Postern, words = ''): Line {
  const socket = connect(Number(new URL(postern.url).port), '127.0.0.1');
  const line: Line = { socket, seen: '', isClosed: false };
  socket.on('error', () => {}).once('close', () => (line.isClosed = true));
  socket.on('data', (piece: Buffer) => (line.seen += piece.toString('latin1')));
  socket.write(words);
  return line;
}

const head = (length: number): string =>
  `POST ${CHAT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${String(length)}\r\n\r\n`;

describe('callers who come in crowds', () => {
  it('are turned away above the limit, those inside do not notice, and the next is let in when one has gone', async () => {
    const postern = await start({ connections: 4 });
    const inside = Array.from({ length: 4 }, () => dial(postern, 'POST '));
    await pause(200);
    const outside = Array.from({ length: 50 }, () => dial(postern));
    await until('all further ones closed', () => outside.every(({ isClosed }) => isClosed));
    expect(inside.map(({ isClosed }) => isClosed)).toEqual([false, false, false, false]);
    const metrics = await (await fetch(`${postern.admin}/metrics`)).text();
    expect(metrics).toMatch(/postern_connections\w*\{[^}]*too_many[^}]*\} 50/);
    inside[0]?.socket.destroy();
    await until('room', async () => (await ask(postern)).status === 200);
    for (const { socket } of inside) socket.destroy();
  });

  it('do not take the last file: with too few of them new ones wait or go, and it recovers', async () => {
    const postern = await start({}, { fileLimit: 96 });
    const lines = Array.from({ length: 200 }, () => dial(postern));
    await pause(500);
    expect(postern.child.exitCode).toBeNull();
    for (const { socket } of lines) socket.destroy();
    await until('an answer', async () => (await ask(postern)).status === 200);
  });
});

describe('callers who take their time', () => {
  it('have ten seconds for a first word, a handshake and a head, and a body has to go on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-test-'));
    const { cert, key } = await makeIdentity('127.0.0.1');
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const postern = await start(
      {},
      { tls: { certificate_file: join(folder, 'cert.pem'), key_file: join(folder, 'key.pem') } },
    );
    const silent = dial(postern);
    const halfHello = dial(postern, '\x16\x03\x01\x02\x00\x01');
    const halfHead = dial(postern, `POST ${CHAT} HTTP/1.1\r\nHost: x\r\n`);
    const dripping = dial(postern, head(60_000));
    const drip = setInterval(() => dripping.socket.write(' '), 200);
    const steady = dial(postern, head(question().length));
    const words = [...question()];
    const speak = setInterval(() => steady.socket.write(words.shift() ?? ''), 20);
    await until('the end of them all', () =>
      [silent, halfHello, halfHead, dripping].every(({ isClosed }) => isClosed),
    );
    clearInterval(drip);
    expect([silent.seen, halfHello.seen]).toEqual(['', '']);
    expect(halfHead.seen).toMatch(/^HTTP\/1.1 408 /);
    expect(dripping.seen).toMatch(/^HTTP\/1.1 408 .*postern_e_body_timeout/s);
    await until('the answer to who spoke slowly but steadily', () => steady.seen.startsWith('HTTP/1.1 200 '));
    clearInterval(speak);
    steady.socket.destroy();
    rmSync(folder, { recursive: true });
  });
});

describe('a caller who does not read', () => {
  const PIECES = 256;
  /** 64 KiB each. */
  const piece = chunk('All is quiet here. '.repeat(3_449));

  it('holds the upstream back, and gets all of it once it reads', async () => {
    let written = 0;
    tell = (response) => {
      const go = (): void => {
        while (written < PIECES && !response.writableNeedDrain) {
          response.write(piece);
          written += 1;
        }
        if (written === PIECES && !response.writableEnded) response.end(END);
      };
      response.on('drain', go);
      go();
    };
    const postern = await start({ body_bytes: 67_108_864, buffered_bytes: 134_217_728 });
    const answer = await ask(postern, true);
    await pause(1_500);
    const stalled = written;
    await pause(500);
    expect(written).toBe(stalled);
    expect(stalled).toBeLessThan(PIECES);
    const text = await answer.text();
    expect(text.match(/All is quiet/g)?.length).toBe(PIECES * 3_449);
    expect(text.slice(-100)).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('at all is cut off, and so is the upstream', async () => {
    let isOver = false;
    tell = (response) => {
      response.once('close', () => (isOver = true));
      const go = (): void => {
        while (!response.destroyed && !response.writableNeedDrain) response.write(piece);
      };
      response.on('drain', go);
      go();
    };
    const postern = await start({ caller_idle_timeout_ms: 500 });
    const answer = await ask(postern, true);
    await until('the end at the upstream', () => isOver);
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('and one whose stream never ends have an end', async () => {
    tell = (response) => {
      const timer = setInterval(() => response.write(chunk('on ')), 20);
      response.once('close', () => clearInterval(timer));
    };
    const postern = await start({ stream_timeout_ms: 1_000 });
    await expect((await ask(postern, true)).text()).rejects.toThrow('terminated');
  });
});

describe('under strain', () => {
  it('new exchanges are told to come back, on connections that end', async () => {
    const postern = await start({ overload: { refuse_at: 0.01, close_at: 0.01, cut_at: 1 } });
    await until('strain', async () => (await ask(postern)).status === 503);
    const answer = await ask(postern);
    expect([answer.headers.get('retry-after'), answer.headers.get('connection')]).toEqual(['2', 'close']);
    expect(await answer.json()).toMatchObject({ error: { code: 'postern_e_overloaded' } });
    const status = (await (await fetch(`${postern.admin}/status`)).json()) as { shedding: string };
    expect(status.shedding).toBe('new');
    expect(await (await fetch(`${postern.admin}/metrics`)).text()).toMatch(
      /^postern_shedding\w*(\{.*\})? 2$/m,
    );
    expect(postern.log()).toContain('under strain');
  });

  it('of the heap the newest streams are cut, with an error of their dialect, and the oldest live', async () => {
    const open: ServerResponse[] = [];
    tell = (response) => {
      response.flushHeaders();
      open.push(response);
    };
    const text = 'All is quiet here. '.repeat(3_449);
    const postern = await start({ body_bytes: 67_108_864, buffered_bytes: 134_217_728 });
    // Raw, for `fetch` throws away what it had not handed on when a connection breaks.
    const lines: Line[] = [];
    for (let count = 1; count <= 6; count += 1) {
      lines.push(dial(postern, head(question(true).length) + question(true)));
      await until('one more', () => open.length === count);
    }
    const [oldest, newest] = [lines[0], lines.at(-1)];
    const growing = setInterval(() => open.forEach((response) => response.write(chunk(text))), 150);
    await until('the end of the newest', () => newest?.isClosed === true);
    clearInterval(growing);
    expect(newest?.seen.slice(-300)).toMatch(/"code":"postern_e_overloaded"/);
    for (const response of open) response.end(END);
    await until('the end of the oldest', () => oldest?.seen.includes('data: [DONE]') === true);
    for (const { socket } of lines) socket.destroy();
    expect(postern.child.exitCode).toBeNull();
  });

  const READS_ALL = [
    'package postern.policies.own.reader',
    'deny contains "no" if {\n\tinput.phase == "response"\n\tsome part in input.parts\n\tcontains(part.text, "zzz")\n}',
  ].join('\n\n');

  it('of the budget of bytes, what is held of streams has its share: some are cut, the others live', async () => {
    // Streams that are held whole: their upstream says much, and does not end before it is told to.
    const open: ServerResponse[] = [];
    tell = (response) => {
      open.push(response);
      for (let i = 0; i < 24; i += 1) response.write(chunk('All is quiet here. '.repeat(1_700)));
    };
    const postern = await start(
      { buffered_bytes: 8_388_608, held_bytes: 4_194_304 },
      { policies: { 'config.json': '{}', 'reader.rego': READS_ALL } },
    );
    const outcomes = Array.from({ length: 14 }, async () => {
      const answer = await ask(postern, true);
      return answer.text().then(
        () => 'whole',
        () => 'cut',
      );
    });
    await until('all streams to be told', () => open.length === 14);
    const first = await Promise.race(outcomes);
    for (const response of open) response.end(END);
    const seen = await Promise.all(outcomes);
    expect(first).toBe('cut');
    // Each weighs 2.3 MB when it is whole: there is room for three, and who was cut does not hold it.
    expect(seen.filter((outcome) => outcome === 'whole').length).toBeGreaterThanOrEqual(3);
    expect((await ask(postern)).status).toBe(200);
  });
});

describe('an upstream that fails', () => {
  let raw: RawUpstream;
  let trick: (socket: Socket) => void;
  beforeAll(async () => {
    raw = await startRawUpstream((_request, socket) => trick(socket));
  });
  let failing: Postern;
  beforeAll(async () => {
    failing = await start(
      { upstream_headers_timeout_ms: 1_000 },
      { upstreams: { openai: { provider: 'openai', url: raw.url } } },
    );
    // It outlives each of the tests.
    servers.splice(servers.indexOf(failing), 1);
  });
  afterAll(async () => {
    await failing[Symbol.asyncDispose]();
    await raw[Symbol.asyncDispose]();
  });

  const failures: ReadonlyArray<readonly [string, (socket: Socket) => void, number]> = [
    ['by hanging up', (socket) => void socket.end(), 502],
    ['by a reset', (socket) => void socket.resetAndDestroy(), 502],
    ['in the middle of a head', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-'), 502],
    ['by silence', () => {}, 504],
    [
      'by a 503',
      (socket) =>
        void socket.write('HTTP/1.1 503 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'),
      503,
    ],
  ];
  it.each(failures)('%s is asked once', async (_name, does, status) => {
    trick = does;
    const before = requests(raw);
    expect((await ask(failing)).status).toBe(status);
    expect(requests(raw) - before).toBe(1);
  });
});

const requests = ({ arrived }: RawUpstream): number => arrived.join('').split('HTTP/1.1\r\n').length - 1;
