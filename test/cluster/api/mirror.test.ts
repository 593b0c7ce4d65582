// Mirrors of a real API server, over lines that are cut, stalled, garbled and refused: nothing is lost.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Client,
  CONFIG_MAPS,
  createObject,
  deleteObject,
  getObject,
  type KubeObject,
  type Mirror,
  mirror,
  type MirrorTiming,
  openClient,
  pathOf,
  replaceObject,
} from '../../../src/cluster/reflect/index.ts';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';
import { BadLine } from '../../support/bad-line.ts';
import { until } from '../../support/until.ts';

interface Note extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const QUICK: MirrorTiming = {
  watchMs: 2000,
  idleMs: 400,
  relistMs: 60_000,
  backoff: { firstMs: 10, longestMs: 100 },
};
const QUIET = { info: () => undefined, warn: () => undefined };
const LABELS = { 'postern.dev/policy': 'rego' };

(canStartApiServer ? describe : describe.skip)('a mirror of a real API server', () => {
  let api: ApiServer;
  let direct: Client;
  let line: BadLine;
  let client: Client;
  let notes: Mirror<Note>;
  let warnings: string[];
  let namespace = 0;

  beforeAll(async () => {
    api = await ApiServer.start();
    direct = await openClient({ kubeconfig: api.kubeconfig });
  });
  afterAll(async () => {
    await direct[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    namespace += 1;
    await createObject(direct, NAMESPACES, { metadata: { name: here() } });
    line = await BadLine.to(api.port);
    client = await openClient({ kubeconfig: await api.kubeconfigVia(line.port), timeoutMs: 1000 });
    warnings = [];
  });
  afterEach(async () => {
    notes.close();
    await client[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
  });

  const NAMESPACES = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' };
  const here = (): string => `notes-${String(namespace)}`;

  const reflect = (timing: Partial<MirrorTiming> = {}): Mirror<Note> => {
    notes = mirror<Note>({
      client,
      path: pathOf(CONFIG_MAPS, { namespace: here() }),
      labelSelector: 'postern.dev/policy=rego',
      log: { ...QUIET, warn: (_, { code }) => warnings.push(code) },
      timing: { ...QUICK, ...timing },
    });
    return notes;
  };

  const write = async (name: string, text: string): Promise<void> => {
    const metadata = { name, namespace: here(), labels: LABELS };
    const made = await createObject<Note>(direct, CONFIG_MAPS, { metadata, data: { text } });
    if (made.ok) return;
    const held = await getObject<Note>(direct, CONFIG_MAPS, metadata);
    if (!held.ok) throw new Error(held.error.message);
    const { resourceVersion = '' } = held.value.metadata;
    const put = await replaceObject<Note>(direct, CONFIG_MAPS, {
      metadata: { ...metadata, resourceVersion },
      data: { text },
    });
    expect(put.ok).toBe(true);
  };
  const remove = async (name: string): Promise<void> => {
    expect(await deleteObject(direct, CONFIG_MAPS, { name, namespace: here() })).toMatchObject({ ok: true });
  };

  const texts = (): Record<string, string> =>
    Object.fromEntries(
      [...notes.items.values()].map(({ metadata, data }) => [metadata.name, data?.['text'] ?? '']),
    );
  const holds = (expected: Record<string, string>): Promise<void> =>
    until(
      () => `${JSON.stringify(texts())} is not ${JSON.stringify(expected)} (${warnings.join()})`,
      () => {
        expect(texts()).toEqual(expected);
        return true;
      },
      20_000,
    );

  it('holds what is there, and tells what comes, changes and goes', async () => {
    await write('a', '1');
    const told: string[] = [];
    reflect().subscribe((key) => told.push(key));
    await notes.synced;
    expect([notes.isSynced, texts(), told]).toEqual([true, { a: '1' }, [`${here()}/a`]]);
    await write('a', '2');
    await write('b', '1');
    await remove('a');
    await holds({ b: '1' });
    expect(told.map((key) => key.split('/')[1]).join('')).toBe('aaba');
    expect([...notes.items.values()].some(({ metadata }) => 'managedFields' in metadata)).toBe(false);
  });

  it('knows nothing of what its selector leaves out, and lets go of what leaves it', async () => {
    await write('a', '1');
    await createObject<Note>(direct, CONFIG_MAPS, { metadata: { name: 'other', namespace: here() } });
    reflect();
    await holds({ a: '1' });
    await api.kubectl('-n', here(), 'label', 'configmap', 'a', 'postern.dev/policy-');
    await holds({});
    await api.kubectl('-n', here(), 'label', 'configmap', 'other', 'postern.dev/policy=rego');
    await holds({ other: '' });
  });

  it('reads lists of many pages, and lists that are larger than what it takes at a time', async () => {
    const large = 'x'.repeat(600_000);
    for (let index = 0; index < 12; index += 1) await write(`large-${String(index)}`, large);
    await client[Symbol.asyncDispose]();
    const kubeconfig = await api.kubeconfigVia(line.port);
    client = await openClient({ kubeconfig, limitBytes: 2 ** 20 });
    reflect();
    await notes.synced;
    expect([...notes.items.values()].filter(({ data }) => data?.['text'] === large)).toHaveLength(12);
  });

  it('goes on where it was when its connections are cut', async () => {
    reflect();
    await notes.synced;
    for (let round = 0; round < 10; round += 1) {
      line.cut();
      await write('a', String(round));
      if (round % 2 === 0) line.cut();
      await (round % 3 === 0 ? write('b', String(round)) : remove('b').catch(() => undefined));
    }
    await write('last', 'yes');
    await until('the last one', () => notes.items.has(`${here()}/last`));
    expect(texts()).toEqual({ a: '9', b: '9', last: 'yes' });
  });

  it('gives up a connection that is silent, and hears by another what happened meanwhile', async () => {
    reflect();
    await notes.synced;
    await write('a', '1');
    await holds({ a: '1' }); // so there is a watch
    line.stall();
    await write('a', '2');
    await write('b', '1');
    await holds({ a: '2', b: '1' });
    expect(warnings).toContain('timeout');
  });

  it('comes back when nothing at all went through for a while', async () => {
    await write('a', '1');
    reflect();
    await notes.synced;
    line.isDead = true;
    line.stall();
    await remove('a');
    await until('it is given up twice', () => warnings.length > 1);
    line.isDead = false;
    await write('b', '1');
    await holds({ b: '1' });
  });

  it('is not misled by bytes that were damaged on their way', async () => {
    reflect();
    await notes.synced;
    for (let round = 0; round < 5; round += 1) {
      line.garble();
      await write('a', String(round));
      await holds({ a: String(round) });
    }
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('begins as soon as there is an API server', async () => {
    line.isRefusing = true;
    await write('a', '1');
    reflect();
    await until('it tried', () => warnings.length > 2);
    expect([notes.isSynced, notes.items.size]).toEqual([false, 0]);
    line.isRefusing = false;
    await holds({ a: '1' });
  });

  it('does not storm a line that refuses', async () => {
    reflect({ backoff: { firstMs: 50, longestMs: 400 } });
    await notes.synced;
    line.isRefusing = true;
    line.cut();
    await until('it tried a few times', () => warnings.length >= 6);
    expect(line.connections).toBeLessThanOrEqual(2 + warnings.length);
    line.isRefusing = false;
    await write('a', '1');
    await holds({ a: '1' });
  });

  it('goes on over watches that end in time, one after the other', async () => {
    reflect({ watchMs: 1000 });
    await notes.synced;
    for (let round = 0; round < 4; round += 1) {
      await write(`n${String(round)}`, '1');
      await pause(700);
    }
    await holds({ n0: '1', n1: '1', n2: '1', n3: '1' });
  });

  it('lists anew when the API server has forgotten what happened', async () => {
    await write('gone', '1');
    await write('kept', '1');
    reflect();
    await notes.synced;
    const told: string[] = [];
    notes.subscribe((key) => told.push(key));
    line.isRefusing = true;
    line.cut();
    await remove('gone');
    await write('new', '1');
    await api.forgetHistory();
    line.isRefusing = false;
    await holds({ kept: '1', new: '1' });
    expect(warnings).toContain('expired');
    expect(told.sort()).toEqual([`${here()}/gone`, `${here()}/new`]);
  });

  it('is still when it is closed', async () => {
    reflect();
    await notes.synced;
    const told: string[] = [];
    notes.subscribe((key) => told.push(key));
    notes.close();
    await write('a', '1');
    await until('its connections end', async () => {
      await client[Symbol.asyncDispose]();
      return true;
    });
    expect([told, warnings]).toEqual([[], []]);
  });
});
