// Several who want one Lease of a real API server: at any time at most one believes that it has it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, lead, type Leadership, openClient, Owner } from '../../../src/cluster/reflect/index.ts';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';
import { BadLine } from '../../support/bad-line.ts';
import { QUICK_LEASE } from '../../support/quick-lease.ts';
import { until } from '../../support/until.ts';

const HOUR_MS = 3_600_000;

(canStartApiServer ? describe : describe.skip)('a lease of a real API server', () => {
  let api: ApiServer;
  let client: Client;
  let name = '';
  const wanting: Leadership[] = [];

  beforeAll(async () => {
    api = await ApiServer.start();
    client = await openClient({ kubeconfig: api.kubeconfig });
  });
  afterEach(async () => {
    await Promise.all(wanting.splice(0).map((each) => each.close()));
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  interface Wish {
    readonly by?: Client;
    readonly now?: () => Date;
  }
  const want = (identity: string, { by = client, now = () => new Date() }: Wish = {}): Leadership => {
    const log = { info: () => undefined, warn: () => undefined };
    const one = lead({
      client: by,
      owner: new Owner(by, null),
      namespace: 'default',
      name,
      identity,
      log,
      timing: QUICK_LEASE,
      now,
    });
    wanting.push(one);
    return one;
  };
  const leaders = (): number => wanting.filter(({ isLeader }) => isLeader).length;

  it('has one holder, however many want it, and another as soon as that one gives it up', async () => {
    name = 'given-up';
    const told: boolean[] = [];
    for (const identity of ['a', 'b', 'c']) want(identity);
    await until('somebody leads', () => leaders() === 1);
    for (let round = 0; round < 2; round += 1) {
      const first = wanting.findIndex(({ isLeader }) => isLeader);
      const [leader] = wanting.splice(first, 1);
      leader?.subscribe((isLeader) => told.push(isLeader));
      await leader?.close();
      expect([leader?.isLeader, told.length]).toEqual([false, round + 1]);
      await until('another leads', () => leaders() === 1);
    }
    const lease = JSON.parse(await api.kubectl('get', 'lease', name, '-o', 'json')) as {
      spec: { holderIdentity: string; leaseTransitions: number };
    };
    expect(lease.spec.leaseTransitions).toBe(2);
    expect(lease.spec.holderIdentity).toMatch(/^[abc]_[0-9a-f-]{36}$/);
  });

  it('goes to another when its holder is killed, but not before its time', async () => {
    name = 'killed';
    const program = join(import.meta.dirname, 'leader.ts');
    const holder = spawn(process.execPath, [program, api.kubeconfig, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const other = want('other');
    await pause(QUICK_LEASE.leaseMs + 500);
    expect(other.isLeader).toBe(false);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const killed = performance.now();
    await until('the other leads', () => other.isLeader);
    expect(performance.now() - killed).toBeGreaterThan(QUICK_LEASE.leaseMs - 500);
  });

  it.each([
    ['an hour behind', -HOUR_MS],
    ['an hour ahead', HOUR_MS],
  ])(
    'stays with its holder when the holder’s clock is %s, and moves when it is gone',
    async (...[, skew]) => {
      name = `skew-${String(skew > 0)}`;
      const line = await BadLine.to(api.port);
      const by = await openClient({ kubeconfig: await api.kubeconfigVia(line.port) });
      const holder = want('holder', { by, now: () => new Date(Date.now() + skew) });
      await until('it leads', () => holder.isLeader);
      const other = want('other');
      await pause(QUICK_LEASE.leaseMs + 1000);
      expect([holder.isLeader, other.isLeader]).toEqual([true, false]);
      line.isRefusing = true;
      line.cut();
      await until('the other leads', () => other.isLeader);
      expect(holder.isLeader).toBe(false);
      await holder.close();
      await by[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
    },
  );

  it('is never held by two when the line of its holder is bad', async () => {
    name = 'bad-line';
    const lines = [await BadLine.to(api.port), await BadLine.to(api.port)];
    const clients: Client[] = [];
    for (const { port } of lines) {
      clients.push(await openClient({ kubeconfig: await api.kubeconfigVia(port) }));
    }
    for (const [index, by] of clients.entries()) want(String(index), { by });
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, leaders())), 1);
    let moved = 0;
    for (let round = 0; round < 3; round += 1) {
      await until('somebody leads', () => leaders() > 0);
      const before = wanting.findIndex(({ isLeader }) => isLeader);
      const line = lines[before];
      if (line === undefined) continue;
      line.isDead = true;
      line.stall();
      await until('the other leads', () => wanting[1 - before]?.isLeader === true);
      moved += 1;
      line.isDead = false;
      line.cut();
    }
    clearInterval(watch);
    expect([most, moved]).toEqual([1, 3]);
    await Promise.all(wanting.splice(0).map((each) => each.close()));
    for (const each of [...clients, ...lines]) await each[Symbol.asyncDispose]();
  });
});
