// Circumstances in; why the pod may not be, or null, out.
import type { Circumstances } from './circumstances.ts';
import { PREFIX } from './names.ts';

type Rule = (circumstances: Circumstances) => string | null;

export const findDenial: Rule = (circumstances) => {
  const rules = circumstances.switches.isRequired ? [...ALWAYS, ...REQUIRED] : ALWAYS;
  return rules.map((rule) => rule(circumstances)).find((message) => message !== null) ?? null;
};

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

const aliases: Rule = ({ ownAliases }) =>
  ownAliases.length > 0
    ? `its namespace requires Postern, and its hostAliases lead ${ownAliases.join(', ')} elsewhere`
    : null;

const ALWAYS: readonly Rule[] = [exclusions];
const REQUIRED: readonly Rule[] = [skipped, privileges, keys, aliases];
