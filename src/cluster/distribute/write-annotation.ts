// How namespaces stand in; the annotation of a ConfigMap of policies out. Bounded, whatever is wrong.
import type { CandidateStanding } from './candidate.ts';
import { POLICY_STATUS } from './names.ts';
import { shorten, type SetIssue } from './set-issue.ts';
import type { Standing } from './standing.ts';

/** Less than 2 KiB. */
const LARGEST_ANNOTATION_BYTES = 2047;
const MOST_ISSUES = 5;

/** From the worst. */
const STATES: ReadonlyArray<Standing['state']> = ['error', 'degraded', 'pending', 'ok'];
const CANDIDATE_STATES: ReadonlyArray<CandidateStanding['state']> = [
  'error',
  'held',
  'pending',
  'compared',
  'obeyed',
];

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

/** Of a ConfigMap of candidates. What is counted stands in the status alone: it is another one all the time. */
export function writeCandidateAnnotation(
  configMap: string,
  standings: ReadonlyArray<Pick<Standing, 'byPod'> & { readonly candidate: CandidateStanding }>,
): StatusAnnotation {
  const candidates = standings.map(({ candidate }) => candidate);
  const digests = new Set(candidates.map(({ digest }) => digest));
  const status = {
    state: CANDIDATE_STATES.find((state) => candidates.some((each) => each.state === state)) ?? 'pending',
    channel: 'candidate',
    ...(digests.size === 1 && candidates[0] !== undefined ? { digest: candidates[0].digest } : {}),
    obeying: sum(candidates.map(({ obeying }) => obeying)),
    comparing: sum(candidates.map(({ comparing }) => comparing)),
    pods: sum(standings.map(({ byPod }) => byPod.length)),
    ...holdsOf(candidates),
  };
  return { [POLICY_STATUS]: writeBounded(status, pickIssues(configMap, candidates)) };
}

const holdsOf = (candidates: readonly CandidateStanding[]): { held?: string } => {
  const held = candidates.find(({ state, hold }) => state === 'held' && hold !== null)?.hold;
  return held ? { held: shorten(held.why) } : {};
};

const worst = (standings: readonly Standing[]): Standing['state'] =>
  STATES.find((state) => standings.some((standing) => standing.state === state)) ?? 'ok';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

interface ToldIssue extends Omit<SetIssue, 'configMap' | 'code'> {
  /** Where another one is to blame. */
  readonly configMap?: string;
}

/** Its own first; of others only that they are to blame: whoever reads this need not see what stands there. */
function pickIssues(configMap: string, standings: ReadonlyArray<Pick<Standing, 'issues'>>): ToldIssue[] {
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
