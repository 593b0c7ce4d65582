// A pod that is to have a sidecar, what is wished of it and how it is led, together: what denials, grades and warnings are made of.
import type { Grade } from '../../exchange/index.ts';
import type { Ways } from './choose-modes.ts';
import type { CorporateProxies } from './corporate-proxies.ts';
import type { Container } from './pod.ts';
import type { Switches } from './switches.ts';
import type { Weaknesses } from './weaknesses.ts';
import type { Asking, Wishes } from './wishes.ts';

export interface Circumstances extends Asking {
  readonly switches: Switches;
  readonly wishes: Wishes;
  readonly ways: Ways;
  /** What its namespace has without a word of the pod. */
  readonly floor: Grade;
  /** Whose clients are led. */
  readonly led: readonly Container[];
  readonly proxies: CorporateProxies;
  readonly weaknesses: Weaknesses;
  /** Names that lead to loopback; none in other modes than `hosts`. */
  readonly hosts: readonly string[];
  /** Of those, what the pod itself leads elsewhere. */
  readonly ownAliases: readonly string[];
  /** In any mode, hosts under policy and the controller’s, which the pod leads elsewhere. */
  readonly misled: readonly string[];
  /** Containers that hold the keys that only the sidecar is to hold. */
  readonly holders: readonly string[];
}
