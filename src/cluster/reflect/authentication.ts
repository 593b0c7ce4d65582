// A kubeconfig, or a pod's own account, in; where the API server is, and what opens its door, out.
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';

export interface Authentication {
  /** May hold a path: some servers stand behind others. */
  readonly server: string;
  readonly dispatcher: Dispatcher;
  /** That the context names. */
  readonly namespace: string;
  /** To be asked for with every request: tokens are renewed on disk. */
  readonly headers: () => Promise<Record<string, string>>;
}

export interface KubeconfigChoice {
  /** A file; without one `KUBECONFIG`, the user's own, then the pod's account. */
  readonly kubeconfig?: string;
  /** Of the file; without one its current. */
  readonly context?: string;
}

/** @throws Error when there is no cluster to speak to, or no way to. */
export async function openAuthentication(
  { kubeconfig, context }: KubeconfigChoice,
  connectMs: number,
): Promise<Authentication> {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) choose(config, context);
  const cluster = config.getCurrentCluster();
  if (cluster === null || isFallback(config))
    throw new Error(
      'There is no cluster to speak to: no kubeconfig names one, and this is no pod with an account of its own.',
    );
  return {
    server: cluster.server.replace(/\/+$/, ''),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    dispatcher: await openDispatcher(config, connectMs),
    headers: async () => headersOf(await applyTo(config)),
  };
}

function choose(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context))
    throw new Error(`There is no context ${context}: there is ${names.join(', ') || 'none'}.`);
  config.setCurrentContext(context);
}

/** What the library falls back to where it finds nothing. */
const isFallback = (config: KubeConfig): boolean =>
  config.getCurrentContext() === 'loaded-context' &&
  config.getCurrentCluster()?.server === 'http://localhost:8080';

async function applyTo(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = typeof auth === 'string' ? `Basic ${Buffer.from(auth).toString('base64')}` : undefined;
  return {
    ...(headers as Record<string, string>),
    ...(basic !== undefined && { authorization: basic }),
  };
}

type Connect = buildConnector.BuildOptions;

/** One for all requests, where the library makes one each; and HTTP/1.1, so that no watch waits behind another. */
async function openDispatcher(config: KubeConfig, timeout: number): Promise<Dispatcher> {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = await applyTo(config);
  const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  const options = config.createDispatcherOptions(config.getCurrentCluster(), tls);
  switch (options.type) {
    case 'agent':
      return new Agent({ connect: { ...(options.connect as Connect), timeout }, allowH2: false });
    case 'none':
      return new Agent({ connect: { timeout }, allowH2: false });
    case 'proxy':
      return new ProxyAgent({ uri: options.uri, requestTls: options.requestTls as Connect, allowH2: false });
    case 'socks':
      throw new Error('A SOCKS proxy stands before the API server: that is not supported.');
  }
}
