// The controller's certificates on a real API server: rotated under load, and kept right whatever is done to them.
import { createServer as createBalancer, connect } from 'node:net';
import { once } from 'node:events';
import type { Server } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Certificates,
  type CertificateSource,
  openCertificates,
} from '../../../src/cluster/certificates/index.ts';
import {
  type Client,
  CONFIG_MAPS,
  createObject,
  lead,
  type Leadership,
  openClient,
  Owner,
} from '../../../src/cluster/reflect/index.ts';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';
import { QUICK_LEASE } from '../../support/quick-lease.ts';
import { noteFigures } from '../figures.ts';
import { until } from '../../support/until.ts';
import { installWebhook, portOf, startWebhook } from '../../support/webhook.ts';

const QUIET = { info: () => undefined, warn: () => undefined };
const QUICK = { authorityMs: 12_000, leafMs: 4000, dwellMs: 1000, checkMs: 200 };
const ALWAYS = { isLeader: true, subscribe: () => () => undefined };

interface Found {
  readonly metadata: { readonly managedFields?: readonly { manager: string; fieldsV1: object }[] };
  readonly data?: Readonly<Record<string, string>>;
  readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

(canStartApiServer ? describe : describe.skip)('the controller’s certificates on a real API server', () => {
  let api: ApiServer;
  let client: Client;
  let name = '';
  const open: Certificates[] = [];
  const servers: Server[] = [];

  beforeAll(async () => {
    api = await ApiServer.start();
    client = await openClient({ kubeconfig: api.kubeconfig });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each[Symbol.asyncDispose]()));
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  interface Wish {
    readonly leadership?: Pick<Leadership, 'isLeader' | 'subscribe'>;
    readonly mode?: CertificateSource['mode'];
    readonly terms?: typeof QUICK;
    readonly namespaces?: () => readonly string[];
    readonly now?: () => Date;
  }
  const openOne = (wish: Wish = {}): Certificates => {
    const { leadership = ALWAYS, mode = 'selfSigned', namespaces = () => ['default'], ...times } = wish;
    const one = openCertificates({
      client,
      owner: new Owner(client, null),
      leadership,
      source: { mode, namespace: 'default', secret: name, names: ['localhost'] },
      audience: { webhooks: [{ kind: 'Validating', name }], namespaces },
      log: QUIET,
      ...times,
    });
    open.push(one);
    return one;
  };
  const serve = async (...certificates: readonly Certificates[]): Promise<Server> => {
    const server = await startWebhook();
    for (const each of certificates) each.serveOn(server);
    servers.push(server);
    return server;
  };
  const get = async (...args: readonly string[]): Promise<Found> =>
    JSON.parse(await api.kubectl('get', '-o', 'json', '--show-managed-fields', ...args)) as Found;
  const bundles = async (): Promise<readonly (string | undefined)[]> =>
    (await get('validatingwebhookconfiguration', name)).webhooks?.map(
      ({ clientConfig }) => clientConfig.caBundle,
    ) ?? [];
  /** Null when it was admitted. */
  const admit = async (): Promise<string | null> => {
    const pod = {
      metadata: { generateName: 'p-', labels: { webhook: name } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };
    const answer = await client.ask({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      query: { dryRun: 'All' },
      body: { apiVersion: 'v1', kind: 'Pod', ...pod },
    });
    return answer.ok ? null : answer.error.message;
  };

  it('are rotated, authorities too, under a load of pods, with a leader that goes: nobody is turned away', async () => {
    name = 'rotated';
    const leaderships = ['a', 'b'].map((identity) =>
      lead({
        client,
        owner: new Owner(client, null),
        namespace: 'default',
        name,
        identity,
        log: QUIET,
        timing: QUICK_LEASE,
      }),
    );
    const replicas = leaderships.map((leadership) => openOne({ leadership, terms: QUICK }));
    const ports: number[] = [];
    for (const each of replicas) ports.push(portOf(await serve(each)));
    let turn = 0;
    const balancer = createBalancer((socket) => {
      turn += 1;
      const target = connect(ports[turn % ports.length] ?? 0, '127.0.0.1');
      for (const end of [socket, target]) end.on('error', () => undefined);
      socket.pipe(target).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(balancer, 'listening');
    await installWebhook(client, 'Validating', { name, port: portOf(balancer) });
    await until('the first pod is admitted', async () => (await admit()) === null);

    const failed: string[] = [];
    const [authorities, leaves] = [new Set<string>(), new Set<number>()];
    let admitted = 0;
    const over = new AbortController();
    const load = Array.from({ length: 3 }, async () => {
      while (!over.signal.aborted) {
        const failure = await admit();
        if (failure === null) admitted += 1;
        else failed.push(failure);
      }
    });
    const look = async (): Promise<boolean> => {
      const { data = {} } = await get('secret', name);
      authorities.add(data['current.crt'] ?? '');
      for (const { expiresAt } of replicas) leaves.add(expiresAt?.getTime() ?? 0);
      return authorities.size > 2;
    };
    await until('two rotations', look, 60_000);
    const first = leaderships.findIndex(({ isLeader }) => isLeader);
    await leaderships[first]?.close();
    await until('two more, led by the other', async () => (await look()) && authorities.size > 4, 60_000);
    over.abort();
    await Promise.all(load);
    process.stdout.write(
      `rotation: ${String(admitted)} pods admitted, ${String(failed.length)} turned away, ` +
        `over ${String(authorities.size)} authorities and ${String(leaves.size)} leaves\n`,
    );
    await noteFigures({
      rotation: { admitted, failures: failed.length, authorities: authorities.size, leaves: leaves.size },
    });
    expect(failed).toEqual([]);
    expect(leaves.size).toBeGreaterThan(8);
    balancer.close();
    await Promise.all(leaderships.map((each) => each.close()));
  }, 150_000);

  it('are the same in all replicas, though all begin at once', async () => {
    name = 'at-once';
    await installWebhook(client, 'Validating', { name, port: 1 });
    const replicas = Array.from({ length: 4 }, () => openOne());
    await Promise.all(replicas.map(({ ready }) => ready));
    const { data = {} } = await get('secret', name);
    const { fingerprint256 } = new X509Certificate(Buffer.from(data['tls.crt'] ?? '', 'base64'));
    const served = await Promise.all(
      replicas.map(async (each) => {
        const server = await serve(each);
        return fingerprintAt(portOf(server));
      }),
    );
    expect(new Set([...served, fingerprint256]).size).toBe(1);
    expect(await bundles()).toEqual([data['current.crt'], data['current.crt']]);
  });

  it('own one field of each webhook and nothing else, and put it back when it is lost', async () => {
    name = 'one-field';
    await openOne().ready;
    await installWebhook(client, 'Validating', { name, port: 1 });
    await until('the webhooks are told', async () => !(await bundles()).includes(undefined));
    const before = await bundles();
    const { metadata } = await get('validatingwebhookconfiguration', name);
    const ours = metadata.managedFields?.find(({ manager }) => manager === 'postern')?.fieldsV1;
    const field = { '.': {}, 'f:name': {}, 'f:clientConfig': { 'f:caBundle': {} } };
    expect(ours).toEqual({
      'f:webhooks': {
        'k:{"name":"one.postern.dev"}': field,
        'k:{"name":"two.postern.dev"}': field,
      },
    });
    await api.kubectl(
      'patch',
      'validatingwebhookconfiguration',
      name,
      '--type=json',
      '-p=[{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": ""}]',
    );
    await until('it is back', async () => (await bundles())[0] === before[0]);
    expect(await bundles()).toEqual(before);
  });

  it('are told to every namespace that has sidecars, and told again there when that is undone', async () => {
    name = 'namespaces';
    for (const each of ['team-a', 'team-b', 'team-c']) await api.kubectl('create', 'namespace', each);
    const namespaces = ['team-a', 'not-there', 'team-c'];
    const stuck = { metadata: { namespace: 'team-c', name: 'postern-ca' }, immutable: true };
    await createObject(client, CONFIG_MAPS, stuck);
    const one = openOne({ namespaces: () => namespaces });
    await one.ready;
    const told = async (namespace: string): Promise<string> =>
      (await get('-n', namespace, 'configmap', 'postern-ca')).data?.['ca.pem'] ?? '';
    const trust = await told('team-a');
    expect(new X509Certificate(trust).ca).toBe(true);
    namespaces.push('team-b');
    one.check();
    await until('the other is told', async () => (await told('team-b')) === trust);
    await until('what nobody could change is made anew', async () => (await told('team-c')) === trust);
    namespaces.splice(1);
    await api.kubectl('-n', 'team-b', 'patch', 'configmap', 'postern-ca', '-p={"data":{"ca.pem":""}}');
    await until('it is told again', async () => (await told('team-b')) === trust);
    await api.kubectl('-n', 'team-a', 'delete', 'configmap', 'postern-ca');
    await until('it is there again', async () => (await told('team-a')) === trust);
  });

  it('are served on when their Secret is broken, and made anew when it is deleted', async () => {
    name = 'broken';
    const one = openOne();
    await one.ready;
    const port = portOf(await serve(one));
    const before = await fingerprintAt(port);
    await api.kubectl('patch', 'secret', name, '-p={"data":{"tls.key":"bm9uZQ=="}}');
    await until('there is a new leaf', async () => (await fingerprintAt(port)) !== before);
    const second = await fingerprintAt(port);
    await api.kubectl('delete', 'secret', name);
    await until('there is a new authority', async () => (await fingerprintAt(port)) !== second);
    expect(one.expiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it('are made anew at once when nobody was there until all of them were over', async () => {
    name = 'long-gone';
    const YEARS_MS = 3 * 365 * 86_400_000;
    const long = openOne({ now: () => new Date(Date.now() - YEARS_MS) });
    await long.ready;
    expect(long.expiresAt?.getTime()).toBeLessThan(Date.now());
    await long[Symbol.asyncDispose]();
    const one = openOne();
    const server = await serve(one);
    await installWebhook(client, 'Validating', { name, port: portOf(server) });
    await until('a pod is admitted', async () => (await admit()) === null);
    expect(one.expiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it.each([
    ['provided', 'provided', 1],
    ['made by cert-manager', 'certManager', 0],
  ] as const)('are taken as they are where they are %s', async (...[, mode, tells]) => {
    name = `given-${mode.toLowerCase()}`;
    await installWebhook(client, 'Validating', { name, port: 1 });
    const { data = {} } = await get('secret', 'at-once');
    await api.kubectl('create', 'namespace', name);
    const one = openOne({ mode, namespaces: () => [name] });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'kubernetes.io/tls', data };
    await client.ask({ method: 'POST', path: '/api/v1/namespaces/default/secrets', body: secret });
    await one.ready;
    const trust = (): Promise<string | undefined> =>
      get('-n', name, 'configmap', 'postern-ca').then(({ data: { 'ca.pem': pem } = {} }) => pem);
    const ca = Buffer.from(data['ca.crt'] ?? '', 'base64').toString();
    await until('the namespace is told', async () => (await trust()) === ca);
    const told = tells === 1 ? data['ca.crt'] : undefined;
    await until('the webhooks are as they should be', async () => (await bundles())[0] === told);
    expect(await bundles()).toEqual([told, told]);
  });
});

async function fingerprintAt(port: number): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
