// Where certificates come from in; servers that always have a good one, and everybody who is to trust it told in time, out.
import { Doorbell } from '../../lib/doorbell.ts';
import type { Client, Leadership, Owner } from '../reflect/index.ts';
import { readText } from './kept.ts';
import { keepSecret } from './keep-secret.ts';
import type { CertificatesLog } from './log.ts';
import { type Audience, Publisher } from './publish.ts';
import { type Terms, TERMS } from './rotation.ts';
import { Serving, type SwappableServer } from './serving.ts';

export interface CertificatesOptions {
  readonly client: Client;
  /** Only who leads writes. */
  readonly leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  readonly source: CertificateSource;
  readonly audience: Audience;
  /** Of what is made. */
  readonly owner: Owner;
  readonly log: CertificatesLog;
  readonly now?: () => Date;
  readonly terms?: Terms;
}

export type CertificateSource =
  /** Made here. `names` are what the servers are reached by. */
  | (SecretPlace & { readonly mode: 'selfSigned'; readonly names: readonly string[] })
  /** Made by cert-manager, which tells the webhooks itself. */
  | (SecretPlace & { readonly mode: 'certManager' })
  /** Made by somebody else: `tls.crt`, `tls.key`, and in `ca.crt` what is to be trusted. */
  | (SecretPlace & { readonly mode: 'provided' });

interface SecretPlace {
  readonly namespace: string;
  readonly secret: string;
}

export interface Certificates extends AsyncDisposable {
  /** Kept when there is something to serve. */
  readonly ready: Promise<void>;
  /** Of what is served now. */
  readonly expiresAt: Date | null;
  /** PEM: whom to trust where replicas ask each other; null before there is anything. */
  readonly trust: string | null;
  /** Gives the server its certificate, now and whenever there is a new one. */
  serveOn(server: SwappableServer): void;
  /** To be called when the namespaces of the audience have changed. */
  check(): void;
}

const RETRY_MS = 5000;
/** Who removes us may begin with the Secret, and takes our rights next: what was made anew meanwhile would stay behind. */
const GONE_MS = 10_000;

export function openCertificates(options: CertificatesOptions): Certificates {
  return new Keeper(options);
}

class Keeper implements Certificates {
  readonly #options: CertificatesOptions;
  readonly #serving: Serving;
  readonly #publisher: Publisher;
  readonly #bell = new Doorbell();
  readonly #unsubscribe: () => void;
  readonly #running: Promise<void>;
  #isClosed = false;
  #goneSinceMs: number | null = null;

  constructor(options: CertificatesOptions) {
    const { client, log, source, audience, leadership, owner } = options;
    const ring = (): void => this.#bell.ring();
    this.#options = options;
    this.#serving = new Serving({
      client,
      log,
      secret: { namespace: source.namespace, name: source.secret },
    });
    this.#publisher = new Publisher({
      client,
      owner,
      log,
      onChange: ring,
      audience: source.mode === 'certManager' ? { ...audience, webhooks: [] } : audience,
    });
    this.#serving.secret.subscribe(ring);
    this.#unsubscribe = leadership.subscribe(ring);
    this.#running = this.#run();
  }

  get ready(): Promise<void> {
    return this.#serving.ready;
  }

  get expiresAt(): Date | null {
    return this.#serving.expiresAt;
  }

  get trust(): string | null {
    const { namespace, secret } = this.#options.source;
    const held = this.#serving.secret.items.get(`${namespace}/${secret}`);
    return held === undefined ? null : readText(held, 'ca.crt');
  }

  serveOn(server: SwappableServer): void {
    this.#serving.serveOn(server);
  }

  check(): void {
    this.#bell.ring();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#serving[Symbol.dispose]();
    this.#publisher[Symbol.dispose]();
    this.#bell.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { leadership, terms: { checkMs } = TERMS } = this.#options;
    while (!this.#isClosed) {
      this.#bell.reset();
      const isDone = !leadership.isLeader || (await this.#pass());
      await this.#bell.wait(isDone ? checkMs : RETRY_MS);
    }
  }

  async #pass(): Promise<boolean> {
    const { client, owner, source, log, now = () => new Date(), terms = TERMS } = this.#options;
    const publish = (pem: string): Promise<boolean> => this.#publisher.publish(pem);
    if (source.mode !== 'selfSigned') return this.#publishGiven(publish);
    if (this.#hasJustGone()) return false;
    return keepSecret({
      client,
      owner,
      secret: { namespace: source.namespace, name: source.secret },
      circumstances: { now: now(), terms, names: source.names },
      publish,
      log,
    });
  }

  /** Of a Secret that we serve. Nobody notices for a while: it is served on. */
  #hasJustGone(): boolean {
    const isGone = this.trust === null && this.expiresAt !== null;
    this.#goneSinceMs = isGone ? (this.#goneSinceMs ?? performance.now()) : null;
    return this.#goneSinceMs !== null && performance.now() - this.#goneSinceMs < GONE_MS;
  }

  async #publishGiven(publish: (pem: string) => Promise<boolean>): Promise<boolean> {
    await this.#serving.secret.synced;
    const { trust } = this;
    if (trust !== null) return publish(trust);
    const { secret } = this.#options.source;
    this.#options.log.warn('there is no ca.crt to be trusted', { why: secret, code: 'not_found' });
    return false;
  }
}
