// Many large bodies at once against a small budget of memory: they wait their turn, and none is lost.
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';

const MIB = 1_048_576;

let llm: LlmServer;
let postern: Postern;

beforeAll(async () => {
  llm = await startLlm({ chunkCharacters: 3, pauseMs: 1 });
  postern = await startPostern({
    upstreams: { openai: { provider: 'openai', url: llm.url } },
    settings: { limits: { body_bytes: MIB, buffered_bytes: 2 * MIB, body_timeout_ms: 5_000 } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await llm.close();
});

const PATH = '/openai/v1/chat/completions';
const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer k' };

/** Short for policies, long for memory. */
const body = JSON.stringify({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Please count to 3.' }],
}).padEnd(MIB - 1024);

const ask = async (text = body): Promise<Response> =>
  fetch(`${postern.url}${PATH}`, { method: 'POST', headers: HEADERS, body: text });

describe('a budget of two bodies', () => {
  it('serves forty that come at once, one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  const holdAll = (): Socket[] =>
    [0, 1].map(() => {
      const socket = connect(Number(new URL(postern.url).port), '127.0.0.1');
      socket.on('error', () => {}).resume();
      socket.write(
        `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${MIB}\r\n\r\n{`,
      );
      return socket;
    });

  it('serves who waits behind bodies that do not go on, once their time is over', async () => {
    const slow = holdAll();
    await pause(500);
    expect((await ask()).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });

  it('tells who announces nothing, and finds no room, to come back', async () => {
    const slow = holdAll();
    await pause(500);
    const chunked = new ReadableStream({
      start: (out) => {
        out.enqueue(Buffer.from(body));
        out.close();
      },
    });
    const answer = await fetch(`${postern.url}${PATH}`, {
      method: 'POST',
      headers: HEADERS,
      body: chunked,
      duplex: 'half',
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({ error: { code: 'postern_e_overloaded' } });
    for (const socket of slow) socket.destroy();
    await pause(200);
    expect((await ask()).status).toBe(200);
  });
});
