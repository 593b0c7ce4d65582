// A pod that is to have a sidecar in; all that is decided about it, or why it cannot be, out.
import type { Grade, InterceptionMode } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { chooseModes, floorOf } from './choose-modes.ts';
import type { Circumstances } from './circumstances.ts';
import { findCollision } from './collisions.ts';
import { findCorporateProxies } from './corporate-proxies.ts';
import { holdersOf } from './credentials.ts';
import { findDenial } from './denials.ts';
import { gradeOf } from './grade.ts';
import { hostsUnderPolicy, ownAliases, trustedHosts } from './host-aliases.ts';
import { NEIGHBOURS } from './neighbours.ts';
import type { Container } from './pod.ts';
import { rulesFor } from './redirection.ts';
import type { Switches } from './switches.ts';
import { chooseUid, rangeFor, uidsOf, type Uids } from './uid.ts';
import { warningsOf } from './warnings.ts';
import { findWeaknesses } from './weaknesses.ts';
import { readWishes, type Asking, type Wishes } from './wishes.ts';

export interface Plan extends Asking {
  readonly wishes: Wishes;
  readonly modes: readonly InterceptionMode[];
  readonly grade: Grade;
  readonly uid: number;
  /** Null where the kernel does not redirect. */
  readonly rules: string | null;
  readonly hosts: readonly string[];
  readonly led: readonly Container[];
  readonly warnings: readonly string[];
}

export interface PlanAsked extends Asking {
  readonly switches: Switches;
  /** Of an earlier injection of this pod. */
  readonly keptUid: number | null;
  readonly uids: Uids;
}

export function planInjection(asked: PlanAsked): Result<Plan, string> {
  const collision = findCollision(asked.pod);
  if (collision !== null) return err(collision);
  const wishes = readWishes(asked);
  if (!wishes.ok) return wishes;
  const circumstances = survey(asked, wishes.value);
  if (!circumstances.ok) return circumstances;
  const denial = findDenial(circumstances.value);
  return denial === null ? complete(asked, circumstances.value) : err(denial);
}

function survey(asked: PlanAsked, wishes: Wishes): Result<Circumstances, string> {
  const { pod, namespace, settings, switches } = asked;
  const ways = chooseModes(wishes.interception, pod, namespace);
  if (!ways.ok) return ways;
  const hosts = ways.value.modes.includes('hosts') ? hostsUnderPolicy(settings) : [];
  const led = pod.containers.filter((container) => isLed(container, wishes));
  const secrets = [wishes.credentials, wishes.inherited.credentials].flatMap((each) => each?.secret ?? []);
  const holders = new Set([...new Set(secrets)].flatMap((secret) => holdersOf(secret, pod)));
  return ok({
    pod,
    namespace,
    settings,
    switches,
    wishes,
    ways: ways.value,
    floor: floorOf(wishes.inherited.interception, namespace),
    led,
    proxies: findCorporateProxies(led),
    weaknesses: findWeaknesses(pod),
    hosts,
    ownAliases: ownAliases(pod, hosts),
    misled: ownAliases(pod, trustedHosts(settings)),
    holders: [...holders].map(({ name }) => name),
  });
}

/** Ephemeral containers take no part: they cannot be there when a pod is made, nor be changed later. */
const isLed = ({ name, list }: Container, { skipped }: Wishes): boolean =>
  list !== 'ephemeralContainers' && !NEIGHBOURS.includes(name) && !skipped.includes(name);

function complete(asked: PlanAsked, circumstances: Circumstances): Result<Plan, string> {
  const { pod, namespace, settings, wishes, ways, hosts, led, proxies } = circumstances;
  const uid = uidFor(asked);
  if (!uid.ok) return uid;
  const redirected = { settings, wishes, proxyPorts: proxies.ports, uid: uid.value };
  const rules = ways.modes.includes('redirect') ? rulesFor(redirected) : ok(null);
  if (!rules.ok) return rules;
  return ok({
    pod,
    namespace,
    settings,
    wishes,
    modes: ways.modes,
    grade: gradeOf(circumstances),
    uid: uid.value,
    rules: rules.value,
    hosts,
    led,
    warnings: warningsOf(circumstances),
  });
}

function uidFor({ pod, namespace, settings, keptUid, uids }: PlanAsked): Result<number, string> {
  const range = rangeFor(pod, namespace, settings.uidRange);
  return range.ok ? chooseUid({ taken: uidsOf(pod), range: range.value, kept: keptUid }, uids) : range;
}
