// Circumstances in; why the pod may not be, or null, out.
import type { Grade } from '../../exchange/index.ts';
import type { Circumstances } from './circumstances.ts';
import { PREFIX } from './names.ts';
import { withoutUser } from './uid.ts';

type Rule = (circumstances: Circumstances) => string | null;

export const findDenial: Rule = (circumstances) => {
  const rules = circumstances.switches.isRequired ? [...ALWAYS, ...REQUIRED] : ALWAYS;
  return rules.map((rule) => rule(circumstances)).find((message) => message !== null) ?? null;
};

const INTERCEPTION = `${PREFIX}interception`;
const BY_CONSENT = `${PREFIX}allow-exclusions: "true"`;

const exclusions: Rule = ({ wishes, switches }) =>
  switches.allowsExclusions || wishes.excludedPorts.length + wishes.excludedNetworks.length === 0
    ? null
    : `it excludes ports or networks from interception, and its namespace has no label ${BY_CONSENT}`;

const skipped: Rule = ({ wishes, switches }) =>
  switches.allowsExclusions || wishes.skipped.length === 0
    ? null
    : `it skips containers, its namespace requires Postern, and has no label ${BY_CONSENT}`;

const privileges: Rule = ({ ways, weaknesses }) =>
  ways.modes.includes('redirect') && weaknesses.asked.length > 0
    ? `its namespace requires Postern, and these could undo its rules: ${weaknesses.asked.join(', ')}`
    : null;

const keys: Rule = ({ holders, wishes }) =>
  holders.length > 0
    ? `its namespace requires Postern, and ${holders.join(', ')} would hold keys of Secret ${wishes.credentials?.secret ?? ''}`
    : null;

const aliases: Rule = ({ misled }) =>
  misled.length > 0
    ? `its namespace requires Postern, and its hostAliases lead ${misled.join(', ')} elsewhere`
    : null;

/** From the one that is gone round most easily. */
const RANKS: readonly Grade[] = ['cooperative', 'guarded', 'enforced', 'bound'];

const lowered: Rule = ({ ways, floor, wishes, pod }) => {
  if (RANKS.indexOf(ways.grade) >= RANKS.indexOf(floor)) return null;
  const reasons = [
    ...(Object.hasOwn(pod.annotations, INTERCEPTION) ? [`its annotation says ${wishes.interception}`] : []),
    ...ways.warnings,
  ];
  return `its namespace requires Postern as ${floor}, and it would be ${ways.grade} (${reasons.join('; ')}): the namespace may say so, by its annotation ${INTERCEPTION}`;
};

const otherSecret: Rule = ({ wishes: { credentials, inherited } }) =>
  inherited.credentials === null || JSON.stringify(credentials) === JSON.stringify(inherited.credentials)
    ? null
    : `its namespace requires Postern with the keys of Secret ${inherited.credentials.secret}, and its annotation ${PREFIX}credentials-secret says otherwise`;

/** An image may be built, or changed, to run as the sidecar. */
const users: Rule = ({ pod }) => {
  const names = withoutUser(pod);
  return names.length === 0
    ? null
    : `its namespace requires Postern, and these say by no securityContext.runAsUser whom they run as: ${names.join(', ')}`;
};

const ALWAYS: readonly Rule[] = [exclusions];
const REQUIRED: readonly Rule[] = [skipped, privileges, otherSecret, keys, aliases, lowered, users];
