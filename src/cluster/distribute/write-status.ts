// How a namespace stands in; the ConfigMap that tells it pod by pod out. Bounded, whatever pods said.
import type { CandidateStanding } from './candidate.ts';
import type { ConfigMap } from './config-map.ts';
import { STATUS_KEY, STATUS_LABELS, STATUS_NAME } from './names.ts';
import { shorten, type SetIssue } from './set-issue.ts';
import type { PodStanding, Standing } from './standing.ts';

const MOST_PODS = 500;
const MOST_PODS_WITH_ISSUES = 100;
const MOST_POD_ISSUES = 3;
const MOST_SET_ISSUES = 50;

/** From the worst. */
const POD_STATES: ReadonlyArray<PodStanding['state']> = ['degraded', 'pending', 'ok'];

/** What is distributed was made of. */
export interface Origin {
  /** `missing`: the pin of the namespace names nothing that is kept. */
  readonly channel: 'newest' | 'pinned' | 'missing';
  /** The annotation that was there. */
  readonly pin: string | null;
  /** Hashes of the policies that the standing is of; null while newer ones are compiled. */
  readonly sources: { readonly platform: string; readonly own: string } | null;
  /** By which version of ours: another one may make something else of the same policies. */
  readonly maker: string;
  /** Null where there is none. */
  readonly candidate: CandidateStanding | null;
}

/** The pods that are worst off come first. */
export function writeStatus(namespace: string, standing: Standing, origin: Origin): ConfigMap {
  const { byPod, issues, ...whole } = standing;
  const { candidate, ...rest } = origin;
  const rank = ({ state }: PodStanding): number => POD_STATES.indexOf(state);
  const pods = byPod.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST_PODS);
  const status = {
    ...whole,
    ...rest,
    candidate: candidate && { ...candidate, issues: shortenAll(candidate.issues) },
    pods: byPod.length,
    issues: shortenAll(issues),
    byPod: pods.map((pod, at) => tellPod(at < MOST_PODS_WITH_ISSUES ? pod : { ...pod, issues: [] })),
  };
  return {
    metadata: {
      namespace,
      name: STATUS_NAME,
      labels: { ...STATUS_LABELS, 'app.kubernetes.io/managed-by': 'postern' },
    },
    data: { [STATUS_KEY]: JSON.stringify(status) },
  };
}

const shortenAll = (issues: readonly SetIssue[]): readonly SetIssue[] =>
  issues.map((issue) => ({ ...issue, message: shorten(issue.message) })).slice(0, MOST_SET_ISSUES);

const tellPod = ({ pod, podUid, state, digest, loadedAt, issues }: PodStanding): object => ({
  pod,
  uid: podUid,
  state,
  digest,
  at: loadedAt,
  ...(issues.length > 0 && {
    issues: issues.slice(0, MOST_POD_ISSUES).map((issue) => ({
      ...issue,
      file: shorten(issue.file),
      message: shorten(issue.message),
    })),
  }),
});
