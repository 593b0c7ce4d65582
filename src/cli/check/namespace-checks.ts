// One namespace, more closely: whether it would let an injected pod in, and what ways its pods leave open.
import { readInjection } from '../../cluster/admit/index.ts';
import { failed, given, ok, skipped, unread, warning, warningIf, type Section } from './check.ts';
import type { Pod } from './objects.ts';
import { hasSidecar, nameOf } from './pod-checks.ts';

/** Of the caller; whatever else is forbidden, is so of the pod. */
const MAY_NOT = /^pods is forbidden: User .* cannot create resource/;

export const NAMESPACE: Section = {
  title: 'Namespace',
  checks: [
    {
      id: 'namespace-admits',
      title: 'it lets a pod with a sidecar in',
      mend: 'A pod was made for a try (and not kept), and refused. Quotas and limits have to have room for the sidecar’s resources (`proxy.resources` of the chart); the level of pod security decides how connections are led (docs/injection.md); where another webhook refused it, its name stands in the message.',
      judge({ trial }) {
        if (trial === null) return skipped('say which with -n');
        if (trial.ok) return hasSidecar(trial.value) ? ok() : failed('it was let in without one');
        return MAY_NOT.test(trial.error.message) ? unread(trial.error) : failed(trial.error.message);
      },
    },
    {
      id: 'namespace-bypass',
      title: 'its pods leave no way round',
      mend: 'What each grade holds and leaves open stands in docs/bypass.md: `enforced` is the kernel’s own rules, `guarded` and `cooperative` rest on the application. What went round by consent is listed. Drop all capabilities and forbid escalation in the application’s containers, or set `postern.dev/require` on the namespace.',
      judge: ({ pods }) =>
        given(pods, (all) => {
          const own = all.filter(hasSidecar);
          const open = own.flatMap(describeSurface);
          return own.length === 0
            ? warning('no pod has a sidecar')
            : warningIf(open, `${String(own.length)} enforced`);
        }),
    },
  ],
};

/** Nothing to say of a pod that is enforced without exception. */
function describeSurface(pod: Pod): readonly string[] {
  const status = readInjection({ annotations: pod.metadata.annotations ?? {} });
  if (status === null) return [`${nameOf(pod)}: what was done to it is not known`];
  const { ports = [], networks = [] } = status.exclusions ?? {};
  const round = [...ports.map(String), ...networks];
  const says = [
    ...(status.grade === 'enforced' ? [] : [`${status.grade} (${status.mode})`]),
    ...(round.length === 0 ? [] : [`goes round to ${round.join(', ')}`]),
    ...(status.skipped === undefined ? [] : [`not led: ${status.skipped.join(', ')}`]),
  ];
  return says.length === 0 ? [] : [`${nameOf(pod)}: ${says.join('; ')}`];
}
