// What a connection says of where it goes, in; whether it is judged, passed on untouched or refused, out. Every rule of it stands here.
import type { Authority } from '../../exchange/index.ts';
import type { HostTable } from './host-table.ts';

/** Who may have said where a connection goes. */
export interface Claims {
  /** Of CONNECT. */
  readonly tunnel: Authority | null;
  /** The address that it was sent to, as the kernel remembers it. */
  readonly destination: Authority | null;
  /** The server name of TLS, or the Host of plain HTTP. Null where none is said. */
  readonly name: string | null;
  /** Where neither of the others says one. */
  readonly defaultPort: number;
}

export type Why = 'mismatch' | 'port' | 'not_under_policy' | 'no_name' | 'unreadable' | 'address';

export type Way =
  | { readonly kind: 'judge'; readonly to: Authority }
  /** `at` is where it was going; a name has to lead there. */
  | { readonly kind: 'pass'; readonly to: Authority; readonly at: Authority | null }
  | { readonly kind: 'refuse'; readonly why: Why };

export interface WayRules {
  readonly table: HostTable;
  /** Only what is under policy goes out. */
  readonly isStrict: boolean;
  /** What CONNECT may ask for besides. */
  readonly ports: ReadonlySet<number>;
}

const refuse = (why: Why): Way => ({ kind: 'refuse', why });

export function chooseWay(claims: Claims, rules: WayRules): Way {
  const { tunnel, destination, name } = claims;
  if (tunnel !== null && name !== null && tunnel.host !== name) return refuse('mismatch');
  const to = meantBy(claims);
  if (to === null) return refuse('no_name');
  const standing = rules.table.standingOf(to);
  if (standing === 'judged') return { kind: 'judge', to };
  if (standing === 'other_port') return refuse('port');
  if (rules.isStrict) return refuse('not_under_policy');
  if (tunnel !== null && !rules.ports.has(tunnel.port)) return refuse('port');
  return { kind: 'pass', to, at: destination };
}

/** A name says more than an address: what its owner answers for is the name. */
function meantBy({ tunnel, destination, name, defaultPort }: Claims): Authority | null {
  if (tunnel !== null) return tunnel;
  if (name !== null) return { host: name, port: destination?.port ?? defaultPort };
  return destination;
}
