// Text and environment in; the controller's settings or every problem at once out. Reads no file.
import { z } from 'zod';
import { ok, type Result } from '../lib/result.ts';
import { parseAddress, type Address } from './config.ts';
import { injectionSchema, toInjection, type InjectionSettings } from './injection.ts';
import { readSettings, type ConfigIssue, type ConfigSources } from './read-settings.ts';
import { address } from './schema.ts';

const objectName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be the name of an object of Kubernetes');

const controllerSchema = z.strictObject({
  listen: z
    .strictObject({
      https: address
        .default('0.0.0.0:8443')
        .describe(
          'Where the API server asks about pods and policies; older sidecars for their policies, too.',
        ),
      sidecars: address.default('0.0.0.0:8444').describe('Where sidecars ask for their policies.'),
      admin: address.default('0.0.0.0:8080').describe('Health and metrics; read-only.'),
    })
    .prefault({}),
  certificate: z
    .strictObject({
      mode: z
        .enum(['selfSigned', 'certManager', 'provided'])
        .default('selfSigned')
        .describe('Who makes the certificate that is served: Postern, cert-manager, or somebody else.'),
      secret: objectName.default('postern-webhook-tls').describe('Where it is kept.'),
      names: z
        .array(z.string().min(1))
        .default([])
        .describe('By what else the controller is reached, beside its Service.'),
    })
    .prefault({}),
  webhooks: z
    .strictObject({
      mutating: z.array(objectName).default(['postern']),
      validating: z.array(objectName).default(['postern']),
    })
    .prefault({})
    .describe('Webhook configurations that are ours alone; they are told whom to trust.'),
  signing: z
    .strictObject({
      directory: z
        .string()
        .min(1)
        .describe(
          'Holds signing.pem, an Ed25519 private key, and others (*.pem) that are trusted beside it.',
        ),
    })
    .optional()
    .describe('Bundles are signed, and sidecars that are injected from then on take no others.'),
  account: objectName
    .optional()
    .describe('The ServiceAccount that the controller runs as; without it the name of its Service.'),
  lease: objectName.default('postern-controller').describe('Held by the one replica that writes.'),
  owner: objectName.optional().describe('A ClusterRole; what the controller makes is deleted with it.'),
  injection: injectionSchema.prefault({}).describe('How pods get their sidecar.'),
});

export interface ControllerConfig {
  readonly listen: { readonly https: Address; readonly sidecars: Address; readonly admin: Address };
  readonly certificate: {
    readonly mode: 'selfSigned' | 'certManager' | 'provided';
    readonly secret: string;
    readonly names: readonly string[];
  };
  readonly webhooks: { readonly mutating: readonly string[]; readonly validating: readonly string[] };
  /** Where the keys are; null where bundles are not signed. */
  readonly signingDirectory: string | null;
  /** As the API server names it. */
  readonly account: string;
  readonly lease: string;
  readonly owner: string | null;
  readonly injection: InjectionSettings;
}

export function parseControllerConfig(
  sources: ConfigSources,
): Result<ControllerConfig, readonly ConfigIssue[]> {
  const read = readSettings(controllerSchema, sources);
  if (!read.ok) return read;
  const { parsed, written } = read.value;
  const { listen, injection, signing, owner = null, account = injection.service, ...rest } = parsed;
  return ok(
    Object.freeze({
      ...rest,
      owner,
      account: `system:serviceaccount:${injection.namespace}:${account}`,
      listen: {
        https: parseAddress(listen.https),
        sidecars: parseAddress(listen.sidecars),
        admin: parseAddress(listen.admin),
      },
      signingDirectory: signing?.directory ?? null,
      injection: toInjection(injection, written['injection'] ?? {}),
    }),
  );
}
