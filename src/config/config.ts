// The configuration as the rest of the house sees it: frozen, camelCase, addresses and URLs parsed.
import type { Mode, Upstream } from '../exchange/index.ts';
import { parseAuthority } from '../lib/host.ts';
import { toAccounts, toCredential, type Accounts, type Credential } from './credentials.ts';
import { toLimits, type Limits } from './limits.ts';
import type { ConfigText } from './schema.ts';

/** An address to listen on. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ConfiguredUpstream extends Upstream {
  /** PEM file of trusted authorities; null for the system's. */
  readonly caFile: string | null;
  /** Whether its name may lead to private addresses. */
  readonly allowPrivateAddresses: boolean;
  /** Where it and `sign` are null, the caller's own credentials are passed on. */
  readonly credential: Credential | null;
  readonly sign: { readonly region: string; readonly credentialsFile: string } | null;
  /** Null takes callers with any credential, or none. */
  readonly accounts: Accounts | null;
}

/** Files are read whenever they are needed. */
export interface ControllerLink {
  readonly url: URL;
  /** Null shows no token. */
  readonly tokenFile: string | null;
  /** Null trusts the system's authorities. */
  readonly caFile: string | null;
  readonly seedDirectory: string | null;
  /** Null compares nothing that the controller has. */
  readonly candidateDirectory: string | null;
}

export interface SignatureKeys {
  /** Key id -> PEM, or the path of a PEM file. */
  readonly keys: ReadonlyMap<string, string>;
  readonly leastSerial: number;
  /** Null forgets the highest serial with the process. */
  readonly stateFile: string | null;
}

export interface Config {
  readonly listen: {
    readonly http: Address;
    /** Null speaks no TLS. Paths of PEM files. */
    readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
    /** Null does not intercept in this way. */
    readonly proxy: Address | null;
    readonly hosts: Address | null;
    readonly redirect: Address | null;
    readonly admin: Address;
  };
  readonly interception: {
    readonly isStrict: boolean;
    readonly ports: ReadonlySet<number>;
    readonly privateAddresses: boolean;
    /** Null only where nothing is intercepted. */
    readonly trustDirectory: string | null;
    /** Null keeps the key in memory alone. */
    readonly keyFile: string | null;
  };
  readonly upstreams: ReadonlyMap<string, ConfiguredUpstream>;
  readonly policy: {
    readonly directory: string;
    /** Compared with what is in force, never obeyed; null without one. */
    readonly candidate: {
      readonly directory: string;
      /** Where there is nothing, nothing is compared. */
      readonly isOptional: boolean;
    } | null;
    /** Null takes what is in the directory, whoever put it there. */
    readonly controller: ControllerLink | null;
    /** Null takes bundles unsigned, and sources. */
    readonly signature: SignatureKeys | null;
    readonly modes: Readonly<Record<string, Mode>>;
    readonly namespace: string;
  };
  readonly audit: { readonly file: string | null; readonly required: boolean; readonly facts: boolean };
  readonly telemetry: { readonly otlp: string | null };
  readonly limits: Limits;
}

export function freezeConfig(text: ConfigText): Config {
  return Object.freeze({
    listen: {
      http: parseAddress(text.listen.http),
      tls: text.listen.tls === undefined ? null : toTls(text.listen.tls),
      proxy: parseOptional(text.listen.proxy),
      hosts: parseOptional(text.listen.hosts),
      redirect: parseOptional(text.listen.redirect),
      admin: parseAddress(text.listen.admin),
    },
    interception: toInterception(text.interception),
    upstreams: new Map(
      Object.entries(text.upstreams).map(([name, entry]) => [name, toUpstream(name, entry)]),
    ),
    policy: {
      ...text.policy,
      candidate: toCandidate(text.policy),
      controller: text.policy.controller === undefined ? null : toController(text.policy.controller),
      signature: text.policy.signature === undefined ? null : toSignature(text.policy.signature),
    },
    audit: { ...text.audit, file: text.audit.file ?? null },
    telemetry: { otlp: text.telemetry.otlp ?? null },
    limits: toLimits(text.limits),
  });
}

const toUpstream = (name: string, entry: ConfigText['upstreams'][string]): ConfiguredUpstream => ({
  name,
  provider: entry.provider,
  url: new URL(entry.url),
  hosts: entry.hosts.flatMap((host) => parseAuthority(host, HTTPS) ?? []),
  allowPrivateAddresses: entry.allow_private_addresses,
  caFile: entry.ca_file ?? null,
  sign:
    entry.sign === undefined
      ? null
      : { region: entry.sign.region, credentialsFile: entry.sign.credentials_file },
  credential: entry.credential === undefined ? null : toCredential(entry.credential),
  accounts: entry.accounts === undefined ? null : toAccounts(entry.accounts),
  ...((entry.sign ?? entry.credential) === undefined ? {} : { isBound: true }),
});

const HTTPS = 443;

const toInterception = (text: ConfigText['interception']): Config['interception'] => ({
  isStrict: text.strict,
  ports: new Set(text.ports),
  privateAddresses: text.private_addresses,
  trustDirectory: text.trust_directory ?? null,
  keyFile: text.key_file ?? null,
});

const toTls = (tls: NonNullable<ConfigText['listen']['tls']>): Config['listen']['tls'] => ({
  certificateFile: tls.certificate_file,
  keyFile: tls.key_file,
});

function toCandidate({ candidate, controller }: ConfigText['policy']): Config['policy']['candidate'] {
  if (candidate !== undefined) return { ...candidate, isOptional: false };
  const directory = controller?.candidate_directory;
  return directory === undefined ? null : { directory, isOptional: true };
}

const toController = (controller: NonNullable<ConfigText['policy']['controller']>): ControllerLink => ({
  url: new URL(controller.url),
  tokenFile: controller.token_file ?? null,
  caFile: controller.ca_file ?? null,
  seedDirectory: controller.seed_directory ?? null,
  candidateDirectory: controller.candidate_directory ?? null,
});

const toSignature = (signature: NonNullable<ConfigText['policy']['signature']>): SignatureKeys => ({
  keys: new Map(Object.entries(signature.keys)),
  leastSerial: signature.least_serial,
  stateFile: signature.state_file ?? null,
});

const parseOptional = (text: string | undefined): Address | null =>
  text === undefined ? null : parseAddress(text);

export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}
