// A configuration in; a gate that runs until it is told to stop. Build, serve, drain.
import type { Config } from '../config/index.ts';
import { openUpstreams } from '../gate/forward/index.ts';
import {
  greetLocal,
  openCallers,
  openListener,
  readCertificate,
  type Listener,
} from '../gate/intercept/index.ts';
import { openAuditLog, startTelemetry, type Log } from '../gate/record/index.ts';
import { PolicyStore } from '../policy/index.ts';
import { adminHandler } from './admin.ts';
import { openInterception } from './interception.ts';
import { logCaveats } from './log-caveats.ts';
import { openPolicySources, type Sources } from './policy-sources.ts';
import { giveBackMemory, QuietMoments } from './quiet.ts';
import { openDesk } from './serve.ts';
import { crowdOf, watchStrain } from './shed.ts';
import { Standing } from './standing.ts';
import { Trials } from './trials.ts';

/** @throws Error when something cannot be opened; what was opened by then is closed again. */
export async function serveUntilStopped(config: Config, log: Log): Promise<void> {
  const stack = new AsyncDisposableStack();
  try {
    await serve(config, { log, stack });
  } finally {
    await stack.disposeAsync();
  }
}

interface House {
  readonly log: Log;
  /** Owns everything that is opened; closes it in reverse. */
  readonly stack: AsyncDisposableStack;
}

async function serve(config: Config, { log, stack }: House): Promise<void> {
  const audit =
    config.audit.file === null
      ? null
      : stack.use(openAuditLog({ ...config.audit, file: config.audit.file, labels: podLabels(), log }));
  const upstreams = stack.adopt(openUpstreams(config.upstreams.values(), config.limits), (opened) =>
    opened.close(),
  );
  const callers = openCallers(config.upstreams.values());
  const policies = new PolicyStore();
  const telemetry = stack.adopt(
    startTelemetry({ otlp: config.telemetry.otlp, resource: {}, log }),
    (started) => started.close(),
  );
  stack.defer(policies.subscribe((event) => telemetry.notePolicy(event)));
  const candidates = new PolicyStore();
  const crowd = crowdOf(config, telemetry);
  const waitingBytes = config.limits.bodyBytes;
  const standing = new Standing(config);
  const trials = stack.use(new Trials({ candidates, recorder: telemetry, audit, waitingBytes }));
  const quiet = stack.use(new QuietMoments(giveBackMemory));
  for (const store of [policies, candidates]) stack.defer(store.subscribe(() => quiet.note()));
  const desk = openDesk({ config, policies, callers, upstreams, audit, trials, standing, quiet });
  stack.use(watchStrain(config, { desk, telemetry, standing, log }));
  let draining = false;
  let sources: Sources | null = null;
  const source = (): ReturnType<Sources['status']> => sources?.status() ?? null;
  telemetry.watchSource(() => source()?.lastContactAtMs ?? null);
  const admin = await openListener({
    ...config.listen.admin,
    greet: greetLocal({
      handle: adminHandler({
        policies,
        candidateStatus: config.policy.candidate === null ? null : () => trials.status(),
        isDraining: () => draining,
        standing,
        source,
        metricsText: () => telemetry.metricsText(),
      }),
    }),
  });
  stack.defer(() => close(admin));
  const { http: address, tls } = config.listen;
  const certificate = tls === null ? null : readCertificate(tls);
  const greet = greetLocal(desk.keep({ mode: 'env' }), certificate);
  const http = await openListener({ ...address, greet, crowd: crowd('env') });
  logCaveats(config, log);
  log.info('listening', { address: `${address.host}:${http.port}` });
  const interception = stack.use(await openInterception({ config, desk, crowd, telemetry, log, standing }));
  const led = interception.listeners;
  for (const listener of led) stack.defer(() => close(listener));
  sources = stack.use(await openPolicySources(config, { policies, candidates, trials }, log));
  await stopSignal();
  draining = true;
  desk.drain();
  log.info('draining');
  await Promise.all([http, ...led].map((listener) => drain(listener, config.limits.drainTimeoutMs)));
}

/** Who writes the audit lines, as the pod's manifest tells by the downward API. */
function podLabels(): Record<string, string> {
  const labels = { pod: process.env['POD_NAME'], namespace: process.env['POD_NAMESPACE'] };
  return Object.fromEntries(
    Object.entries(labels).filter((label): label is [string, string] => label[1] !== undefined),
  );
}

function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  return promise;
}

/** Exchanges under way finish; what is not done in time is cut. */
async function drain(listener: Listener, timeoutMs: number): Promise<void> {
  const cut = setTimeout(() => listener.destroy(), timeoutMs);
  await listener.drain();
  clearTimeout(cut);
}

function close(listener: Listener): Promise<void> {
  listener.destroy();
  return listener.drain();
}
