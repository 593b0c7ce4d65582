// Whether pods have the policies that they are to have.
import { describeIssue, readStatus, type ToldStatus } from '../../cluster/distribute/index.ts';
import { failedIf, given, ok, warningIf, type Section } from './check.ts';
import type { Facts } from './facts.ts';

interface Told {
  readonly namespace: string;
  readonly status: ToldStatus | null;
}

const tell = (facts: Facts, judge: (told: readonly Told[]) => ReturnType<typeof ok>): ReturnType<typeof ok> =>
  given(facts.statuses, (found) =>
    judge(
      found
        .map((each) => ({ namespace: each.metadata.namespace ?? '', status: readStatus(each) }))
        .filter(({ namespace }) => facts.namespace === null || namespace === facts.namespace),
    ),
  );

export const POLICIES: Section = {
  title: 'Policies',
  checks: [
    {
      id: 'policies-distributed',
      title: 'the newest policies of every namespace are in force',
      mend: '`error`: the newest ConfigMaps do not compile, and the ones before stay in force; mend them by key, row and column. `degraded`: a pod could not load what it was given; `postern policy status -n NAMESPACE --pods` says which and why.',
      judge: (facts) =>
        tell(facts, (told) =>
          failedIf(
            told.flatMap(faults),
            `${String(told.length)} ${told.length === 1 ? 'namespace' : 'namespaces'}`,
          ),
        ),
    },
    {
      id: 'policies-acknowledged',
      title: 'every pod says so',
      mend: 'A pod that has not acknowledged is starting, or cannot reach the controller: look at `policy.source` in its `/status` and at NetworkPolicies of its namespace (port 8444 of the controller).',
      judge: (facts) =>
        tell(facts, (told) =>
          warningIf(
            told.flatMap(({ namespace, status }) =>
              status?.state === 'pending'
                ? [`${namespace}: ${String(status.acknowledged)} of ${String(status.pods)} pods`]
                : [],
            ),
          ),
        ),
    },
    {
      id: 'policies-candidate-held',
      title: 'no candidate is held back',
      mend: 'A candidate changed more decisions than the namespace allows, or failed, and nobody obeys it: edit it, or, when it is meant to, `postern policy approve DIGITS -n NAMESPACE`.',
      judge: (facts) =>
        tell(facts, (told) =>
          warningIf(
            told.flatMap(({ namespace, status }) =>
              status?.candidate?.state === 'held'
                ? [`${namespace}: ${status.candidate.hold?.why ?? 'held'}`]
                : [],
            ),
          ),
        ),
    },
    {
      id: 'policies-pinned',
      title: 'no namespace is held at older policies',
      mend: 'A pin is for a while: edits do not reach the namespace until `postern policy unpin -n NAMESPACE`.',
      judge: (facts) =>
        tell(facts, (told) =>
          warningIf(
            told.flatMap(({ namespace, status }) =>
              status?.channel === 'pinned' ? [`${namespace} is pinned to ${status.pin ?? ''}`] : [],
            ),
          ),
        ),
    },
  ],
};

function faults({ namespace, status }: Told): readonly string[] {
  if (status === null) return [`${namespace}: what is told of it is not understood`];
  if (status.state !== 'error' && status.state !== 'degraded') return [];
  const [first] = status.issues;
  const where =
    first === undefined ? '' : `: ${[first.configMap, describeIssue(first)].filter(Boolean).join(': ')}`;
  return [`${namespace}: ${status.state}${where}`];
}
