// How namespaces stand in; the annotation of a ConfigMap, and the ConfigMap that tells it pod by pod, out. Bounded, whatever pods said.
import type { ConfigMap } from './config-map.ts';
import { POLICY_STATUS, STATUS_KEY, STATUS_LABELS, STATUS_NAME } from './names.ts';
import type { SetIssue } from './set-issue.ts';
import type { PodStanding, Standing } from './standing.ts';

/** Less than 2 KiB. */
const LARGEST_ANNOTATION_BYTES = 2047;
const LONGEST_MESSAGE = 200;
const MOST_ISSUES = 5;
const MOST_PODS = 500;
const MOST_PODS_WITH_ISSUES = 100;
const MOST_POD_ISSUES = 3;
const MOST_SET_ISSUES = 50;

/** From the worst. */
const STATES: ReadonlyArray<Standing['state']> = ['error', 'degraded', 'pending', 'ok'];
const POD_STATES: ReadonlyArray<PodStanding['state']> = ['degraded', 'pending', 'ok'];

export interface StatusAnnotation {
  readonly [POLICY_STATUS]: string;
}

/** `configMap` is `namespace/name`; `standings` are those of the namespaces that its policies reach. */
export function writeAnnotation(configMap: string, standings: readonly Standing[]): StatusAnnotation {
  const [first] = standings;
  const digests = new Set(standings.map(({ digest }) => digest));
  const status = {
    state: worst(standings),
    // A platform's ConfigMap is part of many bundles.
    ...(digests.size === 1 && first !== undefined ? { digest: first.digest } : {}),
    acknowledged: sum(standings.map(({ acknowledged }) => acknowledged)),
    pods: sum(standings.map(({ byPod }) => byPod.length)),
  };
  return { [POLICY_STATUS]: writeBounded(status, pickIssues(configMap, standings)) };
}

const worst = (standings: readonly Standing[]): Standing['state'] =>
  STATES.find((state) => standings.some((standing) => standing.state === state)) ?? 'ok';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

interface ToldIssue extends Omit<SetIssue, 'configMap' | 'code'> {
  /** Where another one is to blame. */
  readonly configMap?: string;
}

/** Its own first; of others only that they are to blame: whoever reads this need not see what stands there. */
function pickIssues(configMap: string, standings: readonly Standing[]): ToldIssue[] {
  const issues = new Map(
    standings.flatMap((standing) => standing.issues).map((issue) => [JSON.stringify(issue), issue]),
  );
  const [own, others] = [
    [...issues.values()].filter(isOwn),
    [...issues.values()].filter((one) => !isOwn(one)),
  ];
  const names = new Set(others.map((issue) => issue.configMap));
  return [...own.map(tell), ...[...names].sort().map(blame)];

  function isOwn(issue: SetIssue): boolean {
    return issue.configMap === configMap || issue.configMap === '';
  }
}

const tell = ({ key, row, column, message }: SetIssue): ToldIssue => ({
  key,
  row,
  column,
  message: shorten(message),
});

const blame = (configMap: string): ToldIssue => ({
  configMap,
  key: '',
  row: 0,
  column: 0,
  message: 'Another ConfigMap of this set is at fault.',
});

/** As many issues as fit. */
function writeBounded(status: object, issues: readonly ToldIssue[]): string {
  for (let count = Math.min(issues.length, MOST_ISSUES); count > 0; count -= 1) {
    const more = issues.length - count;
    const text = JSON.stringify({ ...status, issues: issues.slice(0, count), ...(more > 0 && { more }) });
    if (Buffer.byteLength(text) <= LARGEST_ANNOTATION_BYTES) return text;
  }
  return JSON.stringify({ ...status, ...(issues.length > 0 && { more: issues.length }) });
}

const shorten = (text: string): string =>
  text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 1)}…`;

/** What is distributed was made of. */
export interface Origin {
  /** `missing`: the pin of the namespace names nothing that is kept. */
  readonly channel: 'newest' | 'pinned' | 'missing';
  /** The annotation that was there. */
  readonly pin: string | null;
  /** Hashes of the policies that the standing is of; null while newer ones are compiled. */
  readonly sources: { readonly platform: string; readonly own: string } | null;
}

/** The pods that are worst off come first. */
export function writeStatus(namespace: string, standing: Standing, origin: Origin): ConfigMap {
  const { byPod, issues, ...whole } = standing;
  const rank = ({ state }: PodStanding): number => POD_STATES.indexOf(state);
  const pods = byPod.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST_PODS);
  const status = {
    ...whole,
    ...origin,
    pods: byPod.length,
    issues: issues.map((issue) => ({ ...issue, message: shorten(issue.message) })).slice(0, MOST_SET_ISSUES),
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
