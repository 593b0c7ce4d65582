// What a directory says of the modes of policies in; which mode each policy has in a namespace out.
import type { Mode } from '../exchange/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { isRecord } from './json-bytes.ts';

export type ModeTable = Readonly<Record<string, Mode>>;

export interface Modes {
  /** By policy id. */
  readonly policies: ModeTable;
  /** Namespace -> by policy id; wins over `policies`. */
  readonly namespaces: Readonly<Record<string, ModeTable>>;
}

export const NO_MODES: Modes = { policies: {}, namespaces: {} };

/** From the strictest. */
const MODES: readonly Mode[] = ['enforce', 'warn', 'audit', 'off'];
const MOST_NAMESPACES = 1_000;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const isMode = (value: unknown): value is Mode => (MODES as readonly unknown[]).includes(value);

export const isWeaker = (mode: Mode, than: Mode): boolean => MODES.indexOf(mode) > MODES.indexOf(than);

export const resolveModes = ({ policies, namespaces }: Modes, namespace: string): ModeTable => ({
  ...policies,
  ...(Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : {}),
});

export const describeModes = ({ policies, namespaces }: Modes): object => ({ policies, namespaces });

/** The error names what is wrong. */
export function parseModes(value: unknown): Result<Modes, string> {
  if (!isRecord(value)) return err('must be a mapping');
  const { policies = {}, namespaces = {}, ...others } = value;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) return err(`${stranger} is not known; there are policies and namespaces`);
  if (!isRecord(namespaces) || Object.keys(namespaces).length > MOST_NAMESPACES)
    return err(`namespaces must be a mapping of at most ${String(MOST_NAMESPACES)}`);
  const tables: Array<readonly [string, unknown]> = [
    ['policies', policies],
    ...Object.entries(namespaces).map(([name, table]) => [`namespaces.${name}`, table] as const),
  ];
  for (const [place, table] of tables) {
    const fault = findFault(place, table);
    if (fault !== null) return err(fault);
  }
  return ok({ policies, namespaces } as Modes);
}

function findFault(place: string, table: unknown): string | null {
  const name = place.replace('namespaces.', '');
  if (name !== 'policies' && !NAMESPACE.test(name)) return `${place} is not the name of a namespace`;
  if (!isRecord(table)) return `${place} must be a mapping of policy ids`;
  const bad = Object.entries(table).find(([, mode]) => !isMode(mode));
  return bad === undefined ? null : `${place}.${bad[0]} must be one of ${MODES.join(', ')}`;
}
