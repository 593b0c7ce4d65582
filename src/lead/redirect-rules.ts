// What a pod's kernel is to do with the pod's egress in; the rules as nft reads them, in one transaction, out. The one author of them.

export interface RedirectPlan {
  /** Postern's own: its connections go out. */
  readonly uid: number;
  /** Where Postern listens, on loopback of both families. */
  readonly listenPort: number;
  /** Of connections that are led to it. A corporate proxy's port belongs here. */
  readonly ports: readonly number[];
  /** Networks that are left alone, such as those of the cluster's services. */
  readonly excluded: readonly string[];
  /** Whom names are asked of; only in strict plans does it matter. */
  readonly resolvers: readonly string[];
  /** Nothing goes out but through Postern. */
  readonly isStrict: boolean;
}

/** Of the ranges for benchmarks (RFC 2544, RFC 5180), which lead nowhere: who dials them sees whether the rules are alive. */
export const CANARY = { ipv4: '198.18.76.19', ipv6: '2001:2:0:4c13::1', port: 7491 } as const;

/** Before the chains of service meshes: the first verdict of a connection stands. */
const BEFORE_MESHES = -110;

const QUIC = [80, 443];
const DNS_OVER_TLS = 853;
const DNS = 53;

/** @throws RangeError for a plan that would not be read as it was meant. */
export function renderRules(plan: RedirectPlan): string {
  checkPlan(plan);
  return `${[
    'add table inet postern',
    'flush table inet postern',
    'table inet postern {',
    ...chain(
      'divert',
      `type nat hook output priority ${String(BEFORE_MESHES)}; policy accept;`,
      divert(plan),
    ),
    ...chain('guard', 'type filter hook output priority 0; policy accept;', guard(plan)),
    '}',
  ].join('\n')}\n`;
}

const chain = (name: string, hook: string, rules: readonly string[]): readonly string[] => [
  `  chain ${name} {`,
  `    ${hook}`,
  ...rules.map((rule) => `    ${rule}`),
  '  }',
];

const divert = ({ uid, listenPort, ports, excluded }: RedirectPlan): readonly string[] => [
  `ip daddr ${CANARY.ipv4} tcp dport ${String(CANARY.port)} redirect to :${String(listenPort)}`,
  `ip6 daddr ${CANARY.ipv6} tcp dport ${String(CANARY.port)} redirect to :${String(listenPort)}`,
  `meta skuid ${String(uid)} return`,
  'oif lo return',
  ...daddr(excluded, 'return'),
  `tcp dport ${set(ports)} redirect to :${String(listenPort)}`,
];

/** Refused, not dropped: clients fall back at once. */
const guard = ({ uid, excluded, resolvers, isStrict }: RedirectPlan): readonly string[] => [
  `meta skuid ${String(uid)} accept`,
  'oif lo accept',
  // What was led to us has its new address by now, and still its old way out.
  'ip daddr 127.0.0.0/8 accept',
  'ip6 daddr ::1 accept',
  ...(isStrict ? ['ct state established,related accept'] : []),
  ...daddr(excluded, 'accept'),
  `udp dport ${set([...QUIC, DNS_OVER_TLS])} reject with icmpx admin-prohibited`,
  `tcp dport ${String(DNS_OVER_TLS)} reject with tcp reset`,
  ...(isStrict ? onlyNames(resolvers) : []),
];

/** Without its neighbours an address of IPv6 reaches nobody, us included. */
const onlyNames = (resolvers: readonly string[]): readonly string[] => [
  ...daddr(resolvers, `udp dport ${String(DNS)} accept`),
  ...daddr(resolvers, `tcp dport ${String(DNS)} accept`),
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept',
  'meta l4proto tcp reject with tcp reset',
  'reject with icmpx admin-prohibited',
];

function daddr(networks: readonly string[], verdict: string): readonly string[] {
  const old = networks.filter((network) => !network.includes(':'));
  const young = networks.filter((network) => network.includes(':'));
  return [
    ...(old.length === 0 ? [] : [`ip daddr ${set(old)} ${verdict}`]),
    ...(young.length === 0 ? [] : [`ip6 daddr ${set(young)} ${verdict}`]),
  ];
}

const set = (values: readonly (string | number)[]): string => `{ ${values.join(', ')} }`;

const NETWORK = /^(\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?|[0-9a-f:]+:[0-9a-f:.]*(\/\d{1,3})?)$/;
const MAX_UID = 4_294_967_294;

function checkPlan({ uid, listenPort, ports, excluded, resolvers }: RedirectPlan): void {
  if (!Number.isInteger(uid) || uid < 1 || uid > MAX_UID)
    throw new RangeError('the uid of Postern is no uid, or root');
  if (ports.length === 0) throw new RangeError('no port is led to Postern');
  const odd = [listenPort, ...ports].find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (odd !== undefined) throw new RangeError(`${String(odd)} is no port`);
  const strange = [...excluded, ...resolvers].find((network) => !NETWORK.test(network));
  if (strange !== undefined) throw new RangeError(`${JSON.stringify(strange)} is no network`);
}
