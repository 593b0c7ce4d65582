// How pods get their sidecar, as the author of the controller's file writes it in; as the injector sees it out.
import { z } from 'zod';
import { parseQuantity } from '../lib/quantity.ts';
import { freezeConfig, type ConfiguredUpstream } from './config.ts';
import { interception } from './interception.ts';
import { configFields, configSchema } from './schema.ts';
import { VERSION } from './version.ts';

const dnsName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be a DNS name in lower case');

const network = z.union(
  [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
  'must be an address or a network, e.g. "10.96.0.0/12"',
);

const quantity = z
  .union([z.string(), z.number().transform(String)])
  .refine(
    (text) => (parseQuantity(text) ?? 0) > 0,
    'must be an amount as Kubernetes writes it, e.g. "500m" or "256Mi"',
  );

const image = z.strictObject({
  reference: z
    .string()
    .min(1)
    .default(`postern:${VERSION}`)
    .describe('Of the sidecar; by digest where it can be.'),
  pull_policy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  pull_secrets: z.array(dnsName).default([]).describe('Secrets that pods get to pull it with.'),
  allowed: z
    .array(z.string().min(1))
    .default([])
    .describe('What else the annotation postern.dev/proxy-image may name.'),
  previous: z
    .array(z.string().min(1))
    .default([])
    .describe('What sidecars of versions before may still run.'),
});

const resources = z
  .strictObject({
    requests: z
      .strictObject({ cpu: quantity.default('50m'), memory: quantity.default('128Mi') })
      .prefault({}),
    limits: z.strictObject({ cpu: quantity.default('1'), memory: quantity.default('256Mi') }).prefault({}),
  })
  .refine(
    ({ requests, limits }) =>
      (['cpu', 'memory'] as const).every(
        (name) => (parseQuantity(requests[name]) ?? 0) <= (parseQuantity(limits[name]) ?? 0),
      ),
    'requests must not be more than limits',
  );

const LEAST_UID = 10_000;
const LARGEST_UID = 2_147_483_647;
/** Else the uid of a sidecar could be guessed. */
const FEWEST_UIDS = 1_000;

const uidRange = z
  .strictObject({
    first: z.int().min(LEAST_UID).max(LARGEST_UID).default(100_000),
    last: z.int().min(LEAST_UID).max(LARGEST_UID).default(999_999_999),
  })
  .refine(
    ({ first, last }) => last - first >= FEWEST_UIDS,
    `must hold more than ${String(FEWEST_UIDS)} uids: one that can be guessed leads round Postern`,
  );

const COMMON_UPSTREAMS = {
  openai: { provider: 'openai', url: 'https://api.openai.com' },
  anthropic: { provider: 'anthropic', url: 'https://api.anthropic.com' },
} as const;

/** The injector itself says where trust and keys are kept in a pod. */
const sidecarInterception = interception.omit({ trust_directory: true, key_file: true });

const sidecar = z
  .strictObject({
    upstreams: configFields.shape.upstreams.prefault(COMMON_UPSTREAMS),
    telemetry: configFields.shape.telemetry,
    limits: configFields.shape.limits,
    audit: configFields.shape.audit,
    interception: sidecarInterception.prefault({}),
  })
  .superRefine((value, context) => {
    const whole = configSchema.safeParse({ ...value, ...ELSEWHERE });
    for (const { path, message } of whole.error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message });
  });

/** What the sidecar's schema asks for, and the injector gives. */
const ELSEWHERE = { policy: { directory: '/' } };

export const injectionSchema = z
  .strictObject({
    inject: z
      .enum(['enabled', 'disabled'])
      .default('disabled')
      .describe('What becomes of pods of which neither they nor their namespace say anything.'),
    namespace: dnsName
      .default('postern-system')
      .describe('Where the controller runs; nothing is injected there.'),
    service: dnsName.default('postern').describe('By which sidecars reach the controller.'),
    image: image.prefault({}),
    resources: resources.prefault({}),
    uid_range: uidRange.prefault({}).describe('Each sidecar runs as a uid of its own, drawn from these.'),
    interception: z
      .enum(['auto', 'redirect', 'hosts', 'env', 'proxy'])
      .default('auto')
      .describe('How connections come to the sidecar where no annotation says so.'),
    cluster: z
      .strictObject({
        domain: dnsName.default('cluster.local'),
        ranges: z.array(network).default([]).describe('Of pods and Services: left alone, never redirected.'),
        resolvers: z
          .array(z.union([z.ipv4(), z.ipv6()]))
          .default([])
          .describe('Name servers of pods. Needed where sidecar.interception.strict is true.'),
      })
      .prefault({}),
    sidecar: sidecar.prefault({}).describe('As in the configuration of a sidecar.'),
  })
  .refine(
    ({
      cluster,
      sidecar: {
        interception: { strict },
      },
    }) => !strict || cluster.resolvers.length > 0,
    {
      path: ['cluster', 'resolvers'],
      message: 'is missing: with sidecar.interception.strict pods could not resolve names',
    },
  );

export type InjectionMode = 'auto' | 'redirect' | 'hosts' | 'env' | 'proxy';

interface Amounts {
  readonly cpu: string;
  readonly memory: string;
}

export interface InjectionSettings {
  /** Of pods of which neither they nor their namespace say anything. */
  readonly isDefault: boolean;
  readonly namespace: string;
  readonly service: string;
  readonly image: {
    readonly reference: string;
    readonly pullPolicy: string;
    readonly pullSecrets: readonly string[];
    readonly allowed: readonly string[];
    /** What sidecars may run that were made before; none is made with them. */
    readonly previous: readonly string[];
  };
  readonly resources: { readonly requests: Amounts; readonly limits: Amounts };
  readonly uidRange: { readonly first: number; readonly last: number };
  readonly interception: InjectionMode;
  readonly cluster: {
    readonly domain: string;
    readonly ranges: readonly string[];
    readonly resolvers: readonly string[];
  };
  /** Whose signatures sidecars of a namespace are to ask for: PEM by key id; null where bundles are not signed. */
  readonly signatureKeysOf: ((namespace: string) => Readonly<Record<string, string>>) | null;
  readonly sidecar: {
    /** Its settings as they were written; upstreams always. */
    readonly written: Readonly<Record<string, object>> & {
      readonly upstreams: Readonly<Record<string, object>>;
    };
    readonly upstreams: readonly ConfiguredUpstream[];
    readonly isStrict: boolean;
    readonly drainTimeoutMs: number;
  };
}

type InjectionText = z.output<typeof injectionSchema>;

interface Written {
  readonly sidecar?: Readonly<Record<string, object>>;
}

/** `written` is the same section, before anything was added to it. */
export function toInjection(text: InjectionText, written: Written): InjectionSettings {
  const config = freezeConfig(configSchema.parse({ ...text.sidecar, ...ELSEWHERE }));
  return {
    isDefault: text.inject === 'enabled',
    namespace: text.namespace,
    service: text.service,
    image: {
      reference: text.image.reference,
      pullPolicy: text.image.pull_policy,
      pullSecrets: text.image.pull_secrets,
      allowed: text.image.allowed,
      previous: text.image.previous,
    },
    resources: text.resources,
    uidRange: text.uid_range,
    interception: text.interception,
    cluster: text.cluster,
    signatureKeysOf: null,
    sidecar: {
      written: { upstreams: COMMON_UPSTREAMS, ...written.sidecar },
      upstreams: [...config.upstreams.values()],
      isStrict: config.interception.isStrict,
      drainTimeoutMs: config.limits.drainTimeoutMs,
    },
  };
}
