// The Secret that holds a certificate, as it is mirrored, in; servers that serve it from the moment it is there, out.
import { X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { type Client, type Mirror, mirror, pathOf, SECRETS } from '../reflect/index.ts';
import type { KeyedCertificate } from './issue.ts';
import { readPair, type Secret } from './kept.ts';
import type { CertificatesLog } from './log.ts';

export interface SwappableServer {
  setSecureContext(options: SecureContextOptions): void;
}

interface ServingOptions {
  readonly client: Client;
  readonly secret: { readonly namespace: string; readonly name: string };
  readonly log: CertificatesLog;
}

export class Serving implements Disposable {
  /** Kept when there is something to serve. */
  readonly ready: Promise<void>;
  readonly #options: ServingOptions;
  readonly #held: Mirror<Secret>;
  readonly #servers = new Set<SwappableServer>();
  readonly #becomeReady: () => void;
  #served: KeyedCertificate | null = null;

  constructor(options: ServingOptions) {
    const { client, log, secret } = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#becomeReady = resolve;
    this.#options = options;
    this.#held = mirror<Secret>({
      client,
      log,
      path: pathOf(SECRETS, { namespace: secret.namespace }),
      fieldSelector: `metadata.name=${secret.name}`,
    });
    this.#held.subscribe(() => this.#take());
  }

  get secret(): Mirror<Secret> {
    return this.#held;
  }

  get expiresAt(): Date | null {
    return this.#served && new X509Certificate(this.#served.certificate).validToDate;
  }

  /** Handshakes from now on; connections that are open stay so. */
  serveOn(server: SwappableServer): void {
    this.#servers.add(server);
    if (this.#served !== null) server.setSecureContext(contextOf(this.#served));
  }

  [Symbol.dispose](): void {
    this.#held.close();
  }

  /** What is gone or broken changes nothing: the last good one is served on. */
  #take(): void {
    const { namespace, name } = this.#options.secret;
    const secret = this.#held.items.get(`${namespace}/${name}`);
    const found = secret === undefined ? null : readPair(secret, 'tls');
    if (found === null) return;
    if (found.certificate === this.#served?.certificate) return;
    this.#served = found;
    for (const server of this.#servers) server.setSecureContext(contextOf(found));
    this.#options.log.info('a new certificate is served', {
      why: `until ${this.expiresAt?.toISOString() ?? ''}`,
    });
    this.#becomeReady();
  }
}

const contextOf = ({ certificate, key }: KeyedCertificate): SecureContextOptions => ({
  cert: certificate,
  key,
  minVersion: 'TLSv1.2',
});
