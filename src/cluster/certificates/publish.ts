// What is to be trusted in; the webhooks of our configurations and the ConfigMap of every namespace, which say so, out.
import {
  applyObject,
  type Client,
  CONFIG_MAPS,
  enforceObject,
  identityOf,
  type KubeObject,
  type Mirror,
  mirror,
  type Owner,
  pathOf,
  type Resource,
} from '../reflect/index.ts';
import type { CertificatesLog } from './log.ts';

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** As somebody may have replaced it with one of his own. */
interface TrustMap extends KubeObject {
  readonly pem: string;
  readonly isOurs: boolean;
}

interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig?: { readonly caBundle?: string };
  }[];
}

export interface Audience {
  /** Configurations that are ours alone: every webhook in them is reached by our certificate. */
  readonly webhooks: readonly { readonly kind: 'Validating' | 'Mutating'; readonly name: string }[];
  /** Where sidecars are. A namespace that was told once is told for as long as it has the ConfigMap. */
  readonly namespaces: () => readonly string[];
}

const TRUST_MAP = 'postern-ca';
const TRUST_KEY = 'ca.pem';
const LABELS = { 'app.kubernetes.io/managed-by': 'postern', 'app.kubernetes.io/name': 'postern' };

/** Tried again at once. What one namespace refuses for good, or is going to, holds up nothing else. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'unavailable',
  'too_many_requests',
]);

interface PublisherOptions {
  readonly client: Client;
  /** Of the ConfigMaps that are written. */
  readonly owner: Owner;
  readonly audience: Audience;
  readonly log: CertificatesLog;
  /** What was published may no longer be so. */
  readonly onChange: () => void;
}

interface Configuration {
  readonly resource: Resource;
  readonly name: string;
  readonly held: Mirror<WebhookConfiguration>;
}

export class Publisher implements Disposable {
  readonly #options: PublisherOptions;
  readonly #configurations: readonly Configuration[];
  readonly #maps: Mirror<TrustMap>;

  constructor(options: PublisherOptions) {
    const { client, audience, log, onChange } = options;
    this.#options = options;
    this.#maps = mirror<TrustMap>({
      client,
      log,
      path: pathOf(CONFIG_MAPS),
      fieldSelector: `metadata.name=${TRUST_MAP}`,
      keep: keepTrust,
    });
    this.#configurations = audience.webhooks.map(({ kind, name }) => {
      const resource = resourceOf(kind);
      const fieldSelector = `metadata.name=${name}`;
      return { resource, name, held: mirror({ client, log, path: pathOf(resource), fieldSelector }) };
    });
    for (const held of this.#mirrors()) held.subscribe(onChange);
  }

  /** True when all that matters has been told. Whoever says the same already is left alone. */
  async publish(pem: string): Promise<boolean> {
    await Promise.all(this.#mirrors().map(({ synced }) => synced));
    const caBundle = Buffer.from(pem).toString('base64');
    const told: boolean[] = [];
    for (const configuration of this.#configurations) {
      told.push(await this.#tellWebhooks(configuration, caBundle));
    }
    for (const namespace of this.#namespaces()) told.push(await this.#tellNamespace(namespace, pem));
    return !told.includes(false);
  }

  [Symbol.dispose](): void {
    for (const held of this.#mirrors()) held.close();
  }

  #mirrors(): readonly Pick<Mirror<KubeObject>, 'synced' | 'subscribe' | 'close'>[] {
    return [this.#maps, ...this.#configurations.map(({ held }) => held)];
  }

  #namespaces(): ReadonlySet<string> {
    const told = [...this.#maps.items.values()].flatMap(({ metadata, isOurs }) =>
      isOurs && metadata.namespace !== undefined ? [metadata.namespace] : [],
    );
    return new Set([...this.#options.audience.namespaces(), ...told]);
  }

  /** Only this one field of each is ours. */
  async #tellWebhooks({ resource, name, held }: Configuration, caBundle: string): Promise<boolean> {
    const { webhooks = [] } = held.items.get(name) ?? {};
    if (webhooks.every(({ clientConfig }) => clientConfig?.caBundle === caBundle)) return true;
    const applied = await applyObject<WebhookConfiguration>(this.#options.client, resource, {
      metadata: { name },
      webhooks: webhooks.map((webhook) => ({ name: webhook.name, clientConfig: { caBundle } })),
    });
    if (applied.ok) return true;
    this.#warn(name, applied.error.code);
    return false;
  }

  async #tellNamespace(namespace: string, pem: string): Promise<boolean> {
    if (this.#maps.items.get(`${namespace}/${TRUST_MAP}`)?.pem === pem) return true;
    const { client, owner } = this.#options;
    const map: ConfigMap = {
      metadata: { namespace, name: TRUST_MAP, labels: LABELS },
      data: { [TRUST_KEY]: pem },
    };
    const applied = await enforceObject(client, CONFIG_MAPS, await owner.own(map));
    if (applied.ok) return true;
    this.#warn(`${namespace}/${TRUST_MAP}`, applied.error.code);
    return !TRANSIENT.has(applied.error.code);
  }

  #warn(why: string, code: string): void {
    this.#options.log.warn('what is to be trusted could not be written', { why, code });
  }
}

/** Longer than any that is written here. */
const LARGEST_PEM = 64 * 1024;

function keepTrust(object: ConfigMap): TrustMap {
  const { labels = {} } = object.metadata;
  const pem = object.data?.[TRUST_KEY] ?? '';
  return {
    metadata: identityOf(object),
    pem: pem.length > LARGEST_PEM ? '' : pem,
    isOurs: Object.entries(LABELS).every(([label, value]) => labels[label] === value),
  };
}

const resourceOf = (kind: 'Validating' | 'Mutating'): Resource => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  plural: `${kind.toLowerCase()}webhookconfigurations`,
});
