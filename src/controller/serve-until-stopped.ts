// A configuration in; a controller that serves the API server and sidecars until it is told to stop. Build, serve, drain.
import { randomInt } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { DrawnUids } from '../cluster/admit/index.ts';
import { openCertificates, type Certificates } from '../cluster/certificates/index.ts';
import { readSigning } from '../cluster/distribute/index.ts';
import { lead, openClient, Owner, type Client, type Leadership } from '../cluster/reflect/index.ts';
import type { ControllerConfig } from '../config/index.ts';
import type { Log } from '../gate/record/index.ts';
import { createAdmin } from './admin.ts';
import { createApp, createSidecarApp } from './app.ts';
import { createEvents } from './events.ts';
import { createMetrics } from './metrics.ts';
import { openNamespaces, type Namespaces } from './namespaces.ts';
import { readMaker } from '../policy/index.ts';
import { openServer, PATIENCE, type ConnectionLimits } from './open-server.ts';
import { openPolicies } from './policies/index.ts';

interface Options {
  readonly config: ControllerConfig;
  readonly log: Log;
  readonly kubeconfig?: string;
}

/** A connection takes 70 KiB: all of them have to leave room for the compiler. The API server, from few addresses; and, from before sidecars had a port of their own, some of those. */
const WEBHOOK_LIMITS: ConnectionLimits = { connections: 2_048, perAddress: 1_024, idleMs: 60_000 };
/** One for each sidecar that waits, and some that speak. Pods of one node may come from one address. */
const SIDECAR_LIMITS: ConnectionLimits = { connections: 4_096, perAddress: 1_024, idleMs: 5_000 };
const ADMIN_LIMITS: ConnectionLimits = { connections: 256, perAddress: 64, idleMs: 60_000 };

/** As long as Services may still lead here after the pod is said to be going. */
const LEAVE_MS = 3_000;

/** @throws Error when something cannot be opened; what was opened by then is closed again. */
export async function serveUntilStopped(options: Options): Promise<void> {
  const stack = new AsyncDisposableStack();
  const stopped = stopSignal();
  try {
    await serve(options, { stack, stopped });
  } finally {
    await stack.disposeAsync();
  }
}

interface House {
  /** Owns everything that is opened; closes it in reverse. */
  readonly stack: AsyncDisposableStack;
  readonly stopped: Promise<void>;
}

async function serve({ config, log, kubeconfig }: Options, { stack, stopped }: House): Promise<void> {
  const client = stack.use(await openClient(kubeconfig === undefined ? {} : { kubeconfig }));
  const owner = new Owner(client, config.owner);
  const leadership = leadOne({ client, owner, config, log });
  stack.defer(() => leadership.close());
  const namespaces = stack.use(openNamespaces(client, log));
  const certificates = stack.use(openCertified({ client, owner, config, log, leadership, namespaces }));
  stack.defer(namespaces.subscribe(() => certificates.check()));
  const { namespace: platform, service } = config.injection;
  const signing = config.signingDirectory === null ? null : await readSigning(config.signingDirectory);
  const policies = stack.use(
    openPolicies({
      client,
      owner,
      leadership,
      namespaces,
      platform,
      account: config.account,
      log,
      trust: () => certificates.trust,
      serverName: `${service}.${platform}.svc`,
      maker: await readMaker(),
      signing,
    }),
  );
  const metrics = createMetrics({
    expiresAt: () => certificates.expiresAt,
    isLeader: () => leadership.isLeader,
    states: () => policies.states(),
  });
  let isServing = false;
  const admin = createAdmin({ isReady: () => isServing, metricsText: () => metrics.text() });
  stack.use(await openServer(createHttpServer(admin), config.listen.admin, ADMIN_LIMITS));
  const app = createApp({
    surroundings: {
      settings: { ...config.injection, signatureKeysOf: signing?.publicKeysOf ?? null },
      uids: new DrawnUids(
        (first, last) => randomInt(first, last + 1),
        () => performance.now(),
      ),
      namespaceOf: namespaces.find,
    },
    events: createEvents(client, log),
    metrics,
    policies,
    log,
  });
  const https = createHttpsServer(PATIENCE, app);
  const sidecars = createHttpsServer(PATIENCE, createSidecarApp({ policies }));
  for (const each of [https, sidecars]) certificates.serveOn(each);
  await Promise.race([Promise.all([certificates.ready, namespaces.synced, policies.synced]), stopped]);
  stack.use(await openServer(sidecars, config.listen.sidecars, SIDECAR_LIMITS));
  const server = stack.use(await openServer(https, config.listen.https, WEBHOOK_LIMITS));
  isServing = true;
  log.info('listening', { address: `${config.listen.https.host}:${String(server.port)}` });
  await stopped;
  isServing = false;
  log.info('draining');
  await pause(LEAVE_MS);
}

const leadOne = ({
  client,
  owner,
  config: { injection, lease, listen },
  log,
}: Pick<Certified, 'client' | 'owner' | 'config' | 'log'>): Leadership =>
  lead({
    client,
    owner,
    namespace: injection.namespace,
    name: lease,
    identity: hostname(),
    address: addressOf(process.env['POD_IP'], listen.https.port),
    log,
  });

/** Where the other replicas find this one, as the pod's manifest tells by the downward API. */
const addressOf = (ip: string | undefined, port: number): string | null =>
  ip === undefined ? null : `${isIPv6(ip) ? `[${ip}]` : ip}:${String(port)}`;

interface Certified {
  readonly client: Client;
  readonly owner: Owner;
  readonly config: ControllerConfig;
  readonly log: Log;
  readonly leadership: Leadership;
  readonly namespaces: Namespaces;
}

function openCertified({ client, owner, config, log, leadership, namespaces }: Certified): Certificates {
  const { namespace, service } = config.injection;
  const { mode, secret, names: further } = config.certificate;
  const names = [
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.${config.injection.cluster.domain}`,
    ...further,
  ];
  return openCertificates({
    client,
    owner,
    leadership,
    log,
    source: mode === 'selfSigned' ? { mode, namespace, secret, names } : { mode, namespace, secret },
    audience: {
      webhooks: [
        ...config.webhooks.mutating.map((name) => ({ kind: 'Mutating', name }) as const),
        ...config.webhooks.validating.map((name) => ({ kind: 'Validating', name }) as const),
      ],
      namespaces: () => namespaces.withSidecars(),
    },
  });
}

function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  return promise;
}
