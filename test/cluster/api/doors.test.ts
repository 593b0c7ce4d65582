// The controller's two doors on a real API server: sidecars have one of their own, and whoever crowds there keeps no pod from starting.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../../src/demo/llm/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { startEnrolled } from '../../support/enrolled.ts';
import { Installation, pod } from '../../support/installation.ts';

const CROWD = 6_000;
const ADDRESSES = 8;

(canStartApiServer && canRender ? describe : describe.skip)('the doors of the controller', () => {
  let home: Installation;
  let llm: LlmServer;

  beforeAll(async () => {
    home = await Installation.start([['team', 'postern.dev/inject=enabled']]);
    llm = await startLlm();
  });
  afterAll(async () => {
    await llm.close();
    await home[Symbol.asyncDispose]();
  });

  it('lead sidecars to their policies, those too that were injected when there was one door', async () => {
    await using now = await startEnrolled(home, { namespace: 'team', llm, name: 'now' });
    await using before = await startEnrolled(home, {
      namespace: 'team',
      llm,
      name: 'before',
      port: home.port,
    });
    expect((await before.status()).digest).toBe((await now.status()).digest);
  });

  it('let the API server in while thousands stand idle at the other', async () => {
    const { sidecars } = await home.leader();
    const crowd: Socket[] = [];
    for (let at = 0; at < CROWD; at += 1) {
      const from = `127.0.1.${String((at % ADDRESSES) + 1)}`;
      crowd.push(connect({ port: sidecars, host: '127.0.0.1', localAddress: from }));
    }
    for (const socket of crowd) socket.on('error', () => undefined);
    try {
      await Promise.all(crowd.slice(-1).map((socket) => once(socket, 'connect')));
      await home.create(pod('late'), 'team');
      const made = await home.api.kubectl(
        'get',
        'pod',
        'late',
        '-n',
        'team',
        '-o',
        'jsonpath={.metadata.labels}',
      );
      expect(made).toContain('postern.dev/injected');
    } finally {
      for (const socket of crowd) socket.destroy();
    }
  });
});
