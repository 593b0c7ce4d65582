// Speech over a WebSocket is not heard here: whoever asks for one is told so, and the provider never knows.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostern, type Postern } from '../support/postern.ts';
import { sendRaw, startRawUpstream, type RawUpstream } from '../support/raw.ts';

let upstream: RawUpstream;
let postern: Postern;

beforeAll(async () => {
  upstream = await startRawUpstream((_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  );
  postern = await startPostern({
    policies: { 'config.json': '{}' },
    upstreams: { openai: { provider: 'openai', url: upstream.url } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const REALTIME = '/openai/v1/realtime?model=gpt-realtime';

/** As the SDK's own client asks for it. */
const HANDSHAKE = [
  `GET ${REALTIME} HTTP/1.1`,
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.k',
];

describe('a WebSocket for speech', () => {
  it('is refused by a status and an error, before the provider hears of it', async () => {
    const raw = `${HANDSHAKE.join('\r\n')}\r\n\r\n`;
    const { answers } = await sendRaw(postern.url, raw, { answers: 1 });
    expect(answers).toMatchObject([{ status: 400, code: 'postern_e_bad_request' }]);
    expect(answers[0]?.body).toMatch(/upgrade/i);
    expect(upstream.arrived).toEqual([]);
  });

  it('does not open for a real client', async () => {
    const socket = new WebSocket(`${postern.url.replace('http', 'ws')}${REALTIME}`, ['realtime']);
    const ended = await new Promise((resolve) => {
      socket.addEventListener('open', () => resolve('open'));
      socket.addEventListener('error', () => resolve('error'));
    });
    expect(ended).toBe('error');
    expect(upstream.arrived).toEqual([]);
  });
});
