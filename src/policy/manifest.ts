// The manifest of a bundle: what its author and the compiler say of it, checked field by field on the way in.
import type { Mode, Phase, Severity } from '../exchange/index.ts';
import { isInputPath, type Reads } from '../gate/decide/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { hasKeys } from './json-bytes.ts';
import { describeModes, isMode, parseModes, type Modes } from './modes.ts';

export interface PolicyMetadata {
  /** `<category>.<name>`, from the package `postern.policies.<category>.<name>`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly phases: readonly Phase[];
  readonly defaultMode: Mode;
  /** Whose it is: a platform's policies bind every team, a tenant's its own namespace. */
  readonly level: Level;
}

export type Level = 'platform' | 'tenant';

export interface Manifest {
  /** The name the author gave; the identity is the digest. */
  readonly revision: string;
  /** Name and version, e.g. `opa 1.22.2`. */
  readonly compiler: string;
  /** What its policies read of the input. */
  readonly reads: Reads;
  readonly policies: readonly PolicyMetadata[];
  readonly modes: Modes;
}

const ABI = 2;
/** The whole of `data` is the bundle's. */
const ROOTS = [''];
const MOST_POLICIES = 1_000;
const MOST_READS = 1_000;
const LONGEST_TEXT = 4_096;
const POLICY_ID = /^[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}$/;

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const PHASES: readonly Phase[] = ['request', 'response'];
const LEVELS: readonly Level[] = ['platform', 'tenant'];

export const isSeverity = isOneOf(SEVERITIES);
const isPhase = isOneOf(PHASES);
export const isPhases = (value: unknown): value is readonly Phase[] =>
  Array.isArray(value) && value.length > 0 && value.every(isPhase);
const isLevel = isOneOf(LEVELS);
export const isPolicyId = (value: unknown): value is string =>
  typeof value === 'string' && POLICY_ID.test(value);

/** The manifest as OPA's bundle layout wants it, its own fields under `metadata`. */
export const describeManifest = ({ revision, compiler, reads, policies, modes }: Manifest): object => ({
  metadata: {
    abi: ABI,
    compiler,
    modes: describeModes(modes),
    policies: policies.map(({ defaultMode, ...policy }) => ({ ...policy, default_mode: defaultMode })),
    reads,
  },
  revision,
  roots: ROOTS,
});

/** The error names the field at fault. */
export function parseManifest(value: unknown): Result<Manifest, string> {
  if (!hasKeys(value, ['metadata', 'revision', 'roots'])) return err('the fields');
  const { metadata, revision, roots } = value;
  if (!isText(revision)) return err('revision');
  if (JSON.stringify(roots) !== JSON.stringify(ROOTS)) return err('roots');
  const rest = parseMetadata(metadata);
  return rest.ok ? ok({ revision, ...rest.value }) : rest;
}

function parseMetadata(value: unknown): Result<Omit<Manifest, 'revision'>, string> {
  if (!hasKeys(value, ['abi', 'compiler', 'modes', 'policies', 'reads'])) return err('metadata');
  const { abi, compiler } = value;
  if (abi !== ABI) return err(`metadata.abi (only ${String(ABI)} is known)`);
  if (!isText(compiler)) return err('metadata.compiler');
  const reads = parseReads(value.reads);
  if (!reads.ok) return reads;
  const policies = parsePolicies(value.policies);
  if (!policies.ok) return policies;
  const modes = parseModes(value.modes);
  return modes.ok
    ? ok({ compiler, reads: reads.value, policies: policies.value, modes: modes.value })
    : err(`metadata.modes: ${modes.error}`);
}

/** What is not known here would not be shown, and its policies would be blind without anybody noticing. */
function parseReads(value: unknown): Result<Reads, string> {
  if (!hasKeys(value, PHASES) || !PHASES.every((phase) => isReads(value[phase])))
    return err('metadata.reads');
  const reads = value as Reads;
  const unknown = PHASES.flatMap((phase) => reads[phase]).find((path) => !isInputPath(path));
  return unknown === undefined
    ? ok(reads)
    : err(`metadata.reads (no input.${unknown} is known here; was it built by a newer Postern?)`);
}

const isReads = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MOST_READS && value.every(isText);

function parsePolicies(value: unknown): Result<PolicyMetadata[], string> {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_POLICIES)
    return err('metadata.policies');
  const policies = new Map<string, PolicyMetadata>();
  for (const [index, item] of value.entries()) {
    const policy = parsePolicy(item);
    if (policy === null || policies.has(policy.id)) return err(`metadata.policies[${String(index)}]`);
    policies.set(policy.id, policy);
  }
  return ok([...policies.values()]);
}

function parsePolicy(value: unknown): PolicyMetadata | null {
  if (!hasKeys(value, ['default_mode', 'description', 'id', 'level', 'phases', 'severity', 'title']))
    return null;
  const { id, title, description, severity, phases, default_mode: defaultMode, level } = value;
  if (!isPolicyId(id) || !isText(title) || !isText(description)) return null;
  if (!isSeverity(severity) || !isMode(defaultMode) || !isLevel(level)) return null;
  if (!isPhases(phases)) return null;
  return { id, title, description, severity, phases, defaultMode, level };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT;

function isOneOf<T>(values: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => (values as readonly unknown[]).includes(value);
}
