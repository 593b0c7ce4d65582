// The `modes.yaml` of a platform and of a team in, the modes of the bundle out. Nobody weakens what binds him.
import type { Mode } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import type { PolicyMetadata } from '../manifest.ts';
import { isWeaker, NO_MODES, parseModes, resolveModes, type Modes, type ModeTable } from '../modes.ts';
import type { DataFile } from './data-file.ts';
import { parseDocument } from './document.ts';

type Issues = readonly PolicyIssue[];

/** Not data: policies do not see how they are heard. */
export const isModeFile = ({ name }: DataFile): boolean => /^modes\.(?:json|yaml|yml)$/.test(name);

export interface ModeFiles {
  /** May say anything: of the platform, or of a team that is its own. */
  readonly upper: readonly DataFile[];
  /** May only be stricter with policies that are the platform's. */
  readonly lower: readonly DataFile[];
}

export function readModes(
  { upper, lower }: ModeFiles,
  policies: readonly PolicyMetadata[],
): Result<Modes, Issues> {
  const [above, below] = [readOne(upper, policies), readOne(lower, policies)];
  if (!above.ok) return above;
  if (!below.ok) return below;
  const file = lower.find(isModeFile)?.file ?? '';
  const weaker = findWeaker(above.value, below.value, policies);
  if (weaker.length > 0)
    return err(
      weaker.map((what) => wholeIssue('modes.weaker', `${what}; a team can only be stricter.`, file)),
    );
  return ok(joinModes(above.value, below.value));
}

function readOne(files: readonly DataFile[], policies: readonly PolicyMetadata[]): Result<Modes, Issues> {
  const known = new Set(policies.map(({ id }) => id));
  let joined = NO_MODES;
  const read: DataFile[] = [];
  for (const source of files.filter(isModeFile)) {
    const twin = read.find((other) => folderOf(other) === folderOf(source));
    if (twin !== undefined)
      return err([wholeIssue('modes.twice', `${twin.file} says the modes already.`, source.file)]);
    const modes = readFile(source, known);
    if (!modes.ok) return modes;
    const clash = findClash(joined, modes.value);
    if (clash !== undefined)
      return err([wholeIssue('modes.conflict', `The mode of ${clash} is another elsewhere.`, source.file)]);
    joined = addModes(joined, modes.value);
    read.push(source);
  }
  return ok(joined);
}

const folderOf = ({ file, name }: DataFile): string => file.slice(0, -name.length);

function readFile({ file, text }: DataFile, known: ReadonlySet<string>): Result<Modes, Issues> {
  const document = parseDocument(file, text);
  if (!document.ok) return err([document.error]);
  const modes = parseModes(document.value);
  if (!modes.ok) return err([wholeIssue('modes.malformed', `${modes.error}.`, file)]);
  const strangers = tablesOf(modes.value).flatMap((table) =>
    Object.keys(table).filter((id) => !known.has(id)),
  );
  if (strangers.length === 0) return modes;
  return err(strangers.map((id) => wholeIssue('modes.unknown', `There is no policy ${id}.`, file)));
}

/** Files of one floor may not contradict each other. */
function findClash(said: Modes, more: Modes): string | undefined {
  const differ = (table: ModeTable = {}, other: ModeTable = {}): string | undefined =>
    Object.keys(other).find((id) => Object.hasOwn(table, id) && table[id] !== other[id]);
  const pairs = Object.entries(more.namespaces).map(
    ([name, table]) => [said.namespaces[name], table] as const,
  );
  return [[said.policies, more.policies] as const, ...pairs]
    .map(([table, other]) => differ(table, other))
    .find((id) => id !== undefined);
}

const addModes = (said: Modes, more: Modes): Modes => ({
  policies: { ...said.policies, ...more.policies },
  namespaces: {
    ...said.namespaces,
    ...Object.fromEntries(
      Object.entries(more.namespaces).map(([name, table]) => [name, { ...said.namespaces[name], ...table }]),
    ),
  },
});

const tablesOf = ({ policies, namespaces }: Modes): ModeTable[] => [policies, ...Object.values(namespaces)];

function findWeaker(above: Modes, below: Modes, policies: readonly PolicyMetadata[]): string[] {
  const bound = policies.filter(({ level }) => level === 'platform');
  const namespaces = new Set(['', ...Object.keys(above.namespaces), ...Object.keys(below.namespaces)]);
  return [...namespaces].flatMap((namespace) => {
    const [theirs, own] = [resolveModes(above, namespace), resolveModes(below, namespace)];
    return bound.flatMap(({ id, defaultMode }) => explainWeaker(id, own[id], theirs[id] ?? defaultMode));
  });
}

const explainWeaker = (id: string, mode: Mode | undefined, than: Mode): string[] =>
  mode !== undefined && isWeaker(mode, than) ? [`${id} is ${than} by the platform, and ${mode} here`] : [];

function joinModes(above: Modes, below: Modes): Modes {
  const names = [...new Set([...Object.keys(above.namespaces), ...Object.keys(below.namespaces)])].sort();
  return {
    policies: { ...above.policies, ...below.policies },
    // Resolved: what the platform says of a namespace does not undo what the team says of all.
    namespaces: Object.fromEntries(
      names.map((name) => [name, { ...resolveModes(above, name), ...resolveModes(below, name) }]),
    ),
  };
}
