// Circumstances in; what the author of the pod had better know out.
import type { Circumstances } from './circumstances.ts';
import { PREFIX } from './names.ts';
import { groupsFor, leadContainer } from './variables.ts';

type Rule = (circumstances: Circumstances) => readonly string[];

export const warningsOf: Rule = (circumstances) => [
  ...circumstances.ways.warnings,
  ...RULES.flatMap((rule) => rule(circumstances)),
];

const MOST_NAMES = 4;

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${String(names.length - MOST_NAMES)} more`;

const leftVariables: Rule = ({ led, ways, settings }) => {
  const groups = groupsFor(ways.modes, settings);
  return led.flatMap((container) => {
    const { left } = leadContainer(container, groups);
    return left.length === 0 ? [] : [`container ${container.name} sets ${listed(left)} itself: left so`];
  });
};

const unseen: Rule = ({ led }) =>
  led
    .filter(({ raw }) => Array.isArray(raw['envFrom']) && raw['envFrom'].length > 0)
    .map(({ name }) => `container ${name} has envFrom, which is not seen: variables of Postern win over it`);

const hiddenProxies: Rule = ({ proxies, ways }) =>
  ways.modes.includes('redirect')
    ? proxies.hidden.map(
        (name) => `container ${name} has a proxy that is not seen: its port is not led to Postern`,
      )
    : [];

const loweredGrade: Rule = ({ ways, weaknesses }) => {
  const weak = [...weaknesses.asked, ...weaknesses.open];
  if (ways.grade !== 'enforced' || weak.length === 0) return [];
  return [`grade guarded, not enforced: drop ALL capabilities of ${listed(weak)}`];
};

const exclusions: Rule = ({ wishes }) => {
  const excluded = [...wishes.excludedPorts.map(String), ...wishes.excludedNetworks];
  return excluded.length === 0 ? [] : [`goes round Postern by consent: ${listed(excluded)}`];
};

const pointless: Rule = ({ wishes, ways }) => {
  const asked = wishes.includedPorts.length + wishes.excludedPorts.length + wishes.excludedNetworks.length;
  if (asked === 0 || ways.modes.includes('redirect')) return [];
  return [`ports and networks count in mode redirect alone, and this is ${ways.modes.join(' and ')}`];
};

const holders: Rule = (circumstances) =>
  circumstances.holders.map((name) => `container ${name} holds the keys that only Postern was to hold`);

const aliases: Rule = ({ ownAliases }) =>
  ownAliases.map((host) => `hostAliases of the pod lead ${host} elsewhere: the sidecar’s come first`);

const USUAL_GRACE_SECONDS = 30;

const grace: Rule = ({ pod, settings }) => {
  const asked = pod.spec['terminationGracePeriodSeconds'];
  const graceMs = (typeof asked === 'number' ? asked : USUAL_GRACE_SECONDS) * 1000;
  if (graceMs >= settings.sidecar.drainTimeoutMs) return [];
  return [
    'terminationGracePeriodSeconds is shorter than exchanges may take to finish (limits.drain_timeout_ms)',
  ];
};

const skipped: Rule = ({ wishes }) =>
  wishes.skipped.length === 0
    ? []
    : [`${PREFIX}skip-containers: clients of ${listed(wishes.skipped)} are not led`];

const RULES: readonly Rule[] = [
  leftVariables,
  unseen,
  hiddenProxies,
  loweredGrade,
  exclusions,
  pointless,
  holders,
  aliases,
  grace,
  skipped,
];
