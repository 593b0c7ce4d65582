import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openServer, PATIENCE, type OpenServer } from '../../../src/controller/open-server.ts';
import { makeIdentity } from '../../../src/demo/certificate.ts';
import { until } from '../../support/until.ts';

const LIMITS = { connections: 8, perAddress: 3, idleMs: 1_000 };

describe('a server of the controller', () => {
  let server: OpenServer;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    const identity = await makeIdentity('127.0.0.1');
    const https = createServer({ ...identity, ...PATIENCE }, (_request, response) => response.end('here'));
    server = await openServer(https, { host: '127.0.0.1', port: 0 }, LIMITS);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server[Symbol.asyncDispose]();
  });

  const connectFrom = (localAddress: string): Socket => {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
    return socket;
  };
  const ask = async (localAddress: string): Promise<number | undefined> => {
    const options = { port: server.port, localAddress, rejectUnauthorized: false, agent: false };
    const [answer] = (await once(request(options).end(), 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };

  it('gives one address so many connections, and others theirs', async () => {
    const open = [1, 2, 3].map(() => connectFrom('127.0.0.2'));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    await once(connectFrom('127.0.0.2'), 'close');
    await expect(ask('127.0.0.2')).rejects.toThrow(/hang up|reset|disconnected/i);
    expect(await ask('127.0.0.3')).toBe(200);
    open[0]?.destroy();
    await until('there is room again', async () => (await ask('127.0.0.2')) === 200);
  });

  it('keeps nobody who connects and does not shake hands', async () => {
    const open = ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map(connectFrom);
    await Promise.all(open.map((socket) => once(socket, 'close')));
    expect(open.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
  });
});
