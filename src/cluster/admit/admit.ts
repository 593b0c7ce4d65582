// A pod, its namespace and the settings in; a patch that gives it a sidecar, a reason why it gets none, or a denial out.
import type { InjectionSettings } from '../../config/index.ts';
import { ok, type Result } from '../../lib/result.ts';
import { decideInjection, type DecidedBy } from './decide.ts';
import { applyOperations, type Operation } from './draft.ts';
import { inject } from './inject.ts';
import { findUnknownKey } from './keys.ts';
import { findObstacle, OBSTACLES } from './obstacles.ts';
import { planInjection } from './plan.ts';
import { readPod, type Namespace, type Pod } from './pod.ts';
import type { SkipReason } from './reasons.ts';
import { isSame } from './same.ts';
import { readStatus, type Status } from './status.ts';
import { readSwitches, type Switches } from './switches.ts';
import type { Uids } from './uid.ts';
import { withdraw } from './withdraw.ts';

export type Verdict =
  | {
      readonly kind: 'patch';
      /** None where the pod has all of it. */
      readonly operations: readonly Operation[];
      readonly warnings: readonly string[];
      readonly decidedBy: DecidedBy;
      readonly status: Status;
    }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly warnings: readonly string[] }
  | { readonly kind: 'deny'; readonly message: string };

export interface Admission {
  readonly pod: unknown;
  readonly namespace: Namespace;
  readonly settings: InjectionSettings;
  readonly uids: Uids;
}

const SYSTEM: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];

export function admitPod(admission: Admission): Verdict {
  const { namespace, settings } = admission;
  if ([...SYSTEM, settings.namespace].includes(namespace.name)) return skip('system_namespace');
  const pod = readPod(admission.pod);
  if (!pod.ok) return deny(pod.error);
  const unknown = findUnknownKey(pod.value, namespace);
  if (unknown !== null) return deny(unknown);
  const switches = readSwitches(pod.value, namespace);
  if (!switches.ok) return deny(switches.error);
  return choose(admission, pod.value, switches.value);
}

function choose(admission: Admission, pod: Pod, switches: Switches): Verdict {
  const chosen = decideInjection({ ...switches, isDefault: admission.settings.isDefault });
  const { choice, decidedBy } = chosen;
  if (choice === 'deny') return deny(`its namespace requires Postern: ${WHOSE_NO[decidedBy]}`);
  if (choice === 'skip') return skip(REASONS[decidedBy]);
  const obstacle = findObstacle(pod);
  if (obstacle === null) return patch({ ...admission, switches, decidedBy }, pod);
  return switches.isRequired
    ? deny(`its namespace requires Postern, and it cannot have it: ${OBSTACLES[obstacle]}`)
    : skip(obstacle, [`no sidecar of Postern: ${OBSTACLES[obstacle]}`]);
}

interface Chosen extends Admission {
  readonly switches: Switches;
  readonly decidedBy: DecidedBy;
}

/** What an earlier injection wrote is taken out and made anew, so that nobody's imitation of it stays. */
function patch({ decidedBy, ...asked }: Chosen, found: Pod): Verdict {
  const earlier = readStatus(found);
  const bare = earlier === null ? ok({ pod: found, operations: [] }) : undo(found, earlier);
  if (!bare.ok) return deny(bare.error);
  const { pod, operations: undone } = bare.value;
  const plan = planInjection({ ...asked, pod, keptUid: earlier?.uid ?? null });
  if (!plan.ok) return deny(plan.error);
  const { operations: done, status } = inject(plan.value);
  const operations = [...undone, ...done];
  const isThere = earlier !== null && isSame(applyOperations(found.raw, operations), found.raw);
  const { warnings } = plan.value;
  return { kind: 'patch', operations: isThere ? [] : operations, warnings, decidedBy, status };
}

interface Bare {
  readonly pod: Pod;
  readonly operations: readonly Operation[];
}

function undo(found: Pod, status: Status): Result<Bare, string> {
  const operations = withdraw(found, status);
  const pod = readPod(applyOperations(found.raw, operations));
  return pod.ok ? ok({ pod: pod.value, operations }) : pod;
}

/** It goes into the answer, the log and an Event. */
const LONGEST_MESSAGE = 1_024;

const deny = (message: string): Verdict => ({ kind: 'deny', message: message.slice(0, LONGEST_MESSAGE) });

const skip = (reason: SkipReason, warnings: readonly string[] = []): Verdict => ({
  kind: 'skip',
  reason,
  warnings,
});

const REASONS: Readonly<Record<DecidedBy, SkipReason>> = {
  pod_label: 'disabled_by_pod_label',
  pod_annotation: 'disabled_by_pod_annotation',
  namespace_label: 'disabled_by_namespace_label',
  namespace_require: 'disabled_by_default',
  default: 'disabled_by_default',
};

const WHOSE_NO: Readonly<Record<DecidedBy, string>> = {
  pod_label: 'the label of the pod may not say no',
  pod_annotation: 'the annotation of the pod may not say no',
  namespace_label: 'its own label may not say no',
  namespace_require: 'nobody may say no',
  default: 'nobody may say no',
};
