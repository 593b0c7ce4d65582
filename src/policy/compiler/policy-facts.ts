// What the modules say of their packages in, the policies among them out: their rules and metadata, or what is wrong.
import { err, ok, type Result } from '../../lib/result.ts';
import type { PolicyIssue } from '../issue.ts';
import { isPhases, isPolicyId, isSeverity, type Level, type PolicyMetadata } from '../manifest.ts';
import { isMode } from '../modes.ts';
import { findPermissive } from './permissive-defaults.ts';
import type { PackageFacts, RuleFacts } from './rego-compiler.ts';

export interface Policy {
  readonly metadata: PolicyMetadata;
  /** Which of the exported rules it has. */
  readonly exports: readonly string[];
}

const EXPORTS = ['verdicts', 'deny', 'warn', 'violation'] as const;
const ROOT = 'postern';
const FOLDER = 'policies';
const LIBRARY = 'lib';
const DEFAULTS = {
  severity: 'medium',
  phases: ['request', 'response'],
  defaultMode: 'enforce',
} as const satisfies Partial<PolicyMetadata>;

export interface Floor {
  readonly level: Level;
  readonly packages: readonly PackageFacts[];
}

/** From the top; the packages of a floor may not be or change those of the floors above it. */
export function findPolicies(floors: readonly Floor[]): Result<readonly Policy[], readonly PolicyIssue[]> {
  const issues = floors.flatMap((floor, index) => [
    ...findMisplaced(floors.slice(0, index), floor),
    ...findPermissive(floor.packages),
  ]);
  const policies: Policy[] = [];
  const levels = new Map(floors.flatMap(({ level, packages }) => packages.map((facts) => [facts, level])));
  for (const modules of groupByPackage([...levels.keys()])) {
    const policy = readPolicy(modules, levels.get(modules[0]) ?? 'tenant');
    if (policy.ok) policies.push(policy.value);
    else issues.push(...policy.error);
  }
  if (issues.length > 0) return err(issues);
  return ok(policies.sort((a, b) => (a.metadata.id < b.metadata.id ? -1 : 1)));
}

function findMisplaced(above: readonly Floor[], { packages }: Floor): PolicyIssue[] {
  const taken = above.flatMap((floor) => floor.packages.map(nameOf));
  return packages.flatMap((facts) => {
    const name = nameOf(facts);
    const owner = taken.find((other) => overlaps(name, other));
    if (owner !== undefined)
      return [issueAt(facts, 'policy.taken', `The package ${owner} is ${ownerOf(owner)}.`)];
    if (facts.path[0] !== ROOT || policyIdOf(facts) !== null) return [];
    // Without the built-in set, what is compiled may be the set itself.
    if (taken.length === 0 && facts.path[1] === LIBRARY) return [];
    const advice = `Below ${ROOT} there is only room for ${ROOT}.${FOLDER}.<category>.<name>.`;
    return [issueAt(facts, 'policy.package', advice)];
  });
}

const nameOf = ({ path }: PackageFacts): string => path.join('.');

/** A package below another is part of what the other's rules see under their own name. */
const overlaps = (name: string, other: string): boolean =>
  name === other || name.startsWith(`${other}.`) || other.startsWith(`${name}.`);

const ownerOf = (name: string): string =>
  name.startsWith(`${ROOT}.`) ? 'a built-in one' : 'one of the platform';

/** Null when the package is not a policy. */
function policyIdOf({ path }: PackageFacts): string | null {
  const id = path.slice(2).join('.');
  return path[0] === ROOT && path[1] === FOLDER && isPolicyId(id) ? id : null;
}

function groupByPackage(facts: readonly PackageFacts[]): Array<[PackageFacts, ...PackageFacts[]]> {
  const groups = new Map<string, [PackageFacts, ...PackageFacts[]]>();
  for (const module of facts) {
    const id = policyIdOf(module);
    if (id === null) continue;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [module]);
    else group.push(module);
  }
  return [...groups.values()];
}

function readPolicy(
  modules: readonly [PackageFacts, ...PackageFacts[]],
  level: Level,
): Result<Policy, readonly PolicyIssue[]> {
  const [first] = modules;
  const rules = modules.flatMap((module) => module.rules.map((rule) => ({ ...rule, file: module.file })));
  const issues = rules.filter(isMisshapen).map((rule) => explainShape(rule));
  const exports = EXPORTS.filter((name) => rules.some((rule) => rule.name === name));
  if (exports.length === 0)
    issues.push(issueAt(first, 'policy.silent', `The policy has none of ${EXPORTS.join(', ')}.`));
  const noted = modules.find(({ metadata }) => metadata !== null) ?? first;
  const metadata = readMetadata(policyIdOf(first) ?? '', noted);
  if (!metadata.ok) return err([...issues, metadata.error]);
  return issues.length === 0 ? ok({ metadata: { ...metadata.value, level }, exports }) : err(issues);
}

const isMisshapen = ({ name, isSet }: RuleFacts): boolean =>
  !isSet && (EXPORTS as readonly string[]).includes(name);

const explainShape = (rule: RuleFacts & { readonly file: string }): PolicyIssue =>
  issueAt(rule, 'policy.shape', `Must be a set: \`${rule.name} contains … if { … }\`.`);

function readMetadata(
  id: string,
  { file, metadata }: PackageFacts,
): Result<Omit<PolicyMetadata, 'level'>, PolicyIssue> {
  if (metadata === null) return ok({ id, title: id, description: '', ...DEFAULTS });
  const { title, description, custom, row, col } = metadata;
  const {
    severity = DEFAULTS.severity,
    phases = DEFAULTS.phases,
    default_mode: mode = DEFAULTS.defaultMode,
  } = custom;
  const place = { file, row, col };
  if (!isSeverity(severity)) return unknownCustom(place, 'severity');
  if (!isMode(mode)) return unknownCustom(place, 'default_mode');
  if (!isPhases(phases)) return unknownCustom(place, 'phases');
  return ok({ id, title: title === '' ? id : title, description, severity, phases, defaultMode: mode });
}

const unknownCustom = (place: Place, field: string): Result<never, PolicyIssue> =>
  err(issueAt(place, 'policy.metadata', `METADATA: custom.${field} is not one of those known.`));

interface Place {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

const issueAt = ({ file, row, col }: Place, code: string, message: string): PolicyIssue => ({
  file,
  row,
  col,
  code,
  message,
});
