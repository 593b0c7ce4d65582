// What upstreams may do to an exchange: speak TLS that is right or wrong, refuse, break off, or say what nobody understands.
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIdentity } from '../../src/demo/certificate.ts';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { freePort, startPostern, type Postern } from '../support/postern.ts';

const SECRET = 'sk-proj-Zt4Qw9LmX2vB7nKd3RfTy6HjPs8UaCeG1oWiNbVx5MzQrLkD';
const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
};
const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void =>
  void response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body));

/** First word of the question -> what the upstream does. */
const TRICKS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  html: (response) => void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>busy</h1>'),
  untyped: (response) => void response.writeHead(200).end(JSON.stringify(COMPLETION)),
  busy: (response) =>
    json(
      response,
      429,
      { error: { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded', param: null } },
      { 'retry-after': '7' },
    ),
  leaky: (response) =>
    json(response, 400, {
      error: {
        message: `Incorrect API key provided: ${SECRET}`,
        type: 'invalid_request_error',
        code: 'x',
        param: null,
      },
    }),
  redirect: (response) =>
    void response
      .writeHead(302, { location: 'http://127.0.0.1:1/', 'content-type': 'application/json' })
      .end('{}'),
  zipped: (response) => json(response, 200, COMPLETION, { 'content-encoding': 'gzip' }),
  twice: (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"a","id":"b"}'),
  torn: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
    response.write('{"id":', () => response.destroy());
  },
  cut: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(CHUNK, () => setTimeout(() => response.destroy(), 50));
  },
  sloppy: (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${CHUNK}data: [DONE]`),
};

const CHUNK = `data: ${JSON.stringify({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { role: 'assistant', content: 'A quiet morning in ' }, finish_reason: null }],
})}\n\n`;

let trickster: Server;
let tls: LlmServer;
let postern: Postern;
const folder = mkdtempSync(join(tmpdir(), 'postern-test-'));

beforeAll(async () => {
  trickster = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.once('end', () => TRICKS[/"content":"(\w+)/.exec(body)?.[1] ?? '']?.(response));
  }).listen(0, '127.0.0.1');
  await once(trickster, 'listening');
  const identity = await makeIdentity('127.0.0.1');
  writeFileSync(join(folder, 'authority.pem'), identity.cert);
  tls = await startLlm({ tls: identity });
  postern = await startPostern({
    upstreams: {
      tricky: { provider: 'openai', url: `http://127.0.0.1:${(trickster.address() as AddressInfo).port}` },
      trusted: { provider: 'openai', url: tls.url, ca_file: join(folder, 'authority.pem') },
      stranger: { provider: 'openai', url: tls.url },
      absent: { provider: 'openai', url: `http://127.0.0.1:${await freePort()}` },
    },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await tls.close();
  trickster.close();
  trickster.closeAllConnections();
  rmSync(folder, { recursive: true });
});

interface Seen {
  readonly status: number;
  readonly code: string | undefined;
  readonly retry: string | null;
  readonly text: string;
  readonly headers: Headers;
}

async function ask(upstream: string, content: string, stream = false): Promise<Seen> {
  const answer = await fetch(`${postern.url}/${upstream}/v1/chat/completions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], stream }),
  });
  const text = await answer.text();
  const { error } = text.startsWith('{') ? (JSON.parse(text) as { error?: { code?: string } }) : {};
  return {
    status: answer.status,
    code: error?.code,
    retry: answer.headers.get('x-should-retry'),
    text,
    headers: answer.headers,
  };
}

describe('an upstream over TLS', () => {
  it('is reached when the authority that is configured vouches for it', async () => {
    expect(await ask('trusted', 'Please count to 3.')).toMatchObject({
      status: 200,
      text: expect.stringContaining('1 2 3'),
    });
  });

  it('is refused when nobody vouches for it, and nothing is sent', async () => {
    const before = tls.received;
    expect(await ask('stranger', 'Please count to 3.')).toMatchObject({
      status: 502,
      code: 'postern_e_upstream_unreachable',
    });
    expect(tls.received).toBe(before);
  });
});

describe('an upstream that fails', () => {
  it('by not being there is a 502 that may be tried again', async () => {
    expect(await ask('absent', 'hi')).toMatchObject({
      status: 502,
      code: 'postern_e_upstream_unreachable',
      retry: 'true',
    });
  });

  it('with an error of its own is passed on with its status and its advice', async () => {
    const seen = await ask('tricky', 'busy');
    expect(seen).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(seen.headers.get('retry-after')).toBe('7');
  });

  it('with an error that quotes a key does not bring the key to the client', async () => {
    const seen = await ask('tricky', 'leaky');
    expect(seen.status).toBe(400);
    expect(seen.text).not.toContain(SECRET.slice(8, 24));
  });

  it.each(['html', 'untyped', 'redirect', 'zipped', 'twice'])(
    'with what is not understood (%s) is a 502, and none of it passes',
    async (trick) => {
      const seen = await ask('tricky', trick);
      expect(seen).toMatchObject({ status: 502, code: 'postern_e_upstream_response' });
      expect(seen.headers.get('location')).toBeNull();
      expect(seen.text).not.toContain('busy');
    },
  );

  it('in the middle of a body is a refusal', async () => {
    expect((await ask('tricky', 'torn')).status).toBeGreaterThanOrEqual(500);
  });

  it('in the middle of a stream breaks the connection: no client takes that for an end', async () => {
    await expect(ask('tricky', 'cut', true)).rejects.toThrow('terminated');
  });

  it('in the middle of a stream is told to clients before: SDKs throw an error with its code', async () => {
    const openai = new OpenAI({ baseURL: `${postern.url}/tricky/v1`, apiKey: 'k', maxRetries: 0 });
    const stream = await openai.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'cut' }],
      stream: true,
    });
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toMatchObject({ code: 'postern_e_upstream_response', type: 'server_error' });
  });

  it('by leaving the last blank line out is taken at its word', async () => {
    const seen = await ask('tricky', 'sloppy', true);
    expect(seen.text).toMatch(/"A quiet morning in ".*\n\ndata: \[DONE\]\n\n$/s);
  });
});
