// ConfigMaps, as an API server would tell of them, to a real sidecar that enforces them, and its word back.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createBuild,
  Endpoint,
  judgeStanding,
  noteAcknowledgement,
  Offers,
  readFloor,
  Workshop,
  type Book,
  type ConfigMap,
  type Standing,
} from '../../src/cluster/distribute/index.ts';
import { makeIdentity } from '../../src/demo/certificate.ts';
import { spawnFloorCompiler } from '../../src/policy/index.ts';
import { aConfigMap, aPolicy } from '../support/config-maps.ts';
import { freePort, MAIN, startPostern, type Postern } from '../support/postern.ts';
import { until } from '../support/until.ts';

const PLATFORM = aConfigMap('postern-system/base', { 'open_to_teams.yaml': '[config.max_user_length]' });
const POD = { pod: 'shop-0', podUid: 'uid-shop-0' };

const offers = new Offers();
const workshop = new Workshop({ build: createBuild(spawnFloorCompiler(MAIN)) });
let book: Book = new Map();
let folder: string;
let server: Server;
let postern: Postern;

const endpoint = new Endpoint({
  offers,
  isReady: () => true,
  authenticate: (token) =>
    Promise.resolve(
      token === 'of-shop-0' ? { kind: 'pod', namespace: 'shop', ...POD } : { kind: 'refused', status: 401 },
    ),
  acknowledge: (heard) => {
    book = noteAcknowledgement(book, heard);
  },
  relay: () => null,
});

const say = (...configMaps: readonly ConfigMap[]): void =>
  workshop.want('shop', { platform: readFloor([PLATFORM]), own: readFloor(configMaps) });

function standing(): Standing {
  const { built = null, issues = [], isPending = true } = workshop.stateOf('shop') ?? {};
  return judgeStanding({ digest: built?.digest ?? null, isPending, issues, targets: [POD] }, book);
}

async function digestInForce(): Promise<string | null> {
  return (await postern.status()).digest;
}

beforeAll(async () => {
  workshop.subscribe((namespace) => {
    const built = workshop.stateOf(namespace)?.built ?? null;
    offers.put(namespace, built === null ? null : { ...built, channel: 'newest', candidate: null });
  });
  folder = await mkdtemp(join(tmpdir(), 'postern-distribution-'));
  const [identity, port] = [await makeIdentity('127.0.0.1'), await freePort()];
  server = createServer(identity, (request, response) => {
    if (request.url === '/v1/bundle') endpoint.serveBundle(request, response);
    else endpoint.takeAcknowledgement(request, response);
  }).listen(port, '127.0.0.1');
  await writeFile(join(folder, 'token'), 'of-shop-0\n');
  await writeFile(join(folder, 'ca.pem'), identity.cert);
  say();
  postern = await startPostern({
    upstreams: { openai: { provider: 'openai', url: 'http://127.0.0.1:9' } },
    settings: {
      policy: {
        directory: join(folder, 'kept'),
        namespace: 'shop',
        controller: {
          url: `https://127.0.0.1:${String(port)}`,
          token_file: join(folder, 'token'),
          ca_file: join(folder, 'ca.pem'),
        },
      },
    },
  });
});

afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  endpoint[Symbol.dispose]();
  server.closeAllConnections();
  server.close();
  await workshop[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('policies in ConfigMaps', () => {
  it('come to a sidecar that has nothing yet, and it says so', async () => {
    await until('it is acknowledged', () => standing().state === 'ok');
    expect(standing()).toMatchObject({ acknowledged: 1, digest: await digestInForce() });
  });

  it('come again when they are edited', async () => {
    const before = standing().digest;
    say(aConfigMap('shop/chat', { 'config.yaml': 'max_user_length: 7', 'x.rego': aPolicy('shop.x') }));
    expect(standing().state).toBe('pending');
    await until('it is acknowledged', () => standing().state === 'ok');
    expect(standing().digest).not.toBe(before);
    expect(await digestInForce()).toBe(standing().digest);
  });

  it('that do not compile change nothing in the pod, and are told by ConfigMap, key, row and column', async () => {
    const before = standing().digest;
    say(aConfigMap('shop/chat', { 'x.rego': `${aPolicy('shop.x')}\nbroken := nowhere(1)\n` }));
    await until('it is tried', () => standing().state === 'error');
    expect(standing()).toMatchObject({
      digest: before,
      acknowledged: 1,
      issues: [{ configMap: 'shop/chat', key: 'x.rego', row: 5, column: 11 }],
    });
    expect(await digestInForce()).toBe(before);
  });
});
