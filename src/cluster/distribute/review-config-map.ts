// An AdmissionReview of a ConfigMap in; one that answers it, after its namespace's would-be policies were compiled, out.
import { err, ok, type Result } from '../../lib/result.ts';
import { readReview, type AdmissionRequest } from './admission-request.ts';
import type { BuildSet } from './build-set.ts';
import { holdsPolicies, type ConfigMap } from './config-map.ts';
import { EMPTY_FLOOR, readCandidateFloor, readFloor, type Floor, type PolicySet } from './floor.ts';
import { BUNDLE_LABEL, CHANNEL, isControllers } from './names.ts';
import { describeIssue, type SetIssue } from './set-issue.ts';

export interface ReviewOptions {
  readonly build: BuildSet;
  /** The namespace of the controller, whose policies bind all others. */
  readonly platform: string;
  /** The account of the controller, e.g. `system:serviceaccount:postern-system:postern`. */
  readonly account: string;
  /** All that hold policies, of one namespace. */
  readonly configMapsOf: (namespace: string) => readonly ConfigMap[];
  /** What is wrong with the policies of a namespace as they are, in force or as a candidate. */
  readonly issuesOf: (namespace: string, channel: Channel) => readonly SetIssue[];
  /** Less than the webhook is given. */
  readonly limitMs?: number;
}

export type Channel = 'stable' | 'candidate';

export type ConfigMapVerdict =
  | { readonly kind: 'allow'; readonly warnings: readonly string[] }
  | { readonly kind: 'deny'; readonly status: number; readonly message: string };

export interface ConfigMapReview {
  /** To be sent. */
  readonly answer: object;
  readonly verdict: ConfigMapVerdict;
}

export type ReviewConfigMap = (body: unknown) => Promise<Result<ConfigMapReview, string>>;

const LIMIT_MS = 8000;
/** More would only wait for their time to be over. */
const MOST_AT_ONCE = 8;
const LONGEST_MESSAGE = 2048;
const LONGEST_WARNING = 256;
const FORBIDDEN = 403;
const INVALID = 422;
const BUSY = 429;

/** Reviews are compiled one at a time, beside what is distributed. */
export function createReview(options: ReviewOptions): ReviewConfigMap {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (body) => {
    const read = readReview(body);
    if (!read.ok) return err(read.error);
    const request = read.value;
    const verdict = judgeAtOnce(request, options) ?? (await inTurn(request));
    return ok({ answer: writeAnswer(request.uid, verdict), verdict });
  };

  async function inTurn(request: AdmissionRequest): Promise<ConfigMapVerdict> {
    if (waiting >= MOST_AT_ONCE) return deny(BUSY, 'too many policies are being reviewed; try again');
    waiting += 1;
    const signal = AbortSignal.timeout(options.limitMs ?? LIMIT_MS);
    const turn = last.then(() => judge(request, options, signal));
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting -= 1;
    }
  }
}

/** What needs no compiler. Deletions are never in the way: namespaces have to be deletable, and the last good policies stay. */
function judgeAtOnce(request: AdmissionRequest, { account }: ReviewOptions): ConfigMapVerdict | null {
  const { operation, object, userInfo } = request;
  const mayNot = userInfo.username !== account && operation !== 'DELETE';
  if (mayNot && isControllers(request.name))
    return deny(FORBIDDEN, `${request.name} is written by the controller alone`);
  if (mayNot && object && Object.hasOwn(object.metadata.labels, BUNDLE_LABEL))
    return deny(FORBIDDEN, `the label ${BUNDLE_LABEL} is given by the controller alone`);
  if (operation === 'DELETE' || !object || !holdsPolicies(object)) return ALLOWED;
  return null;
}

const ALLOWED: ConfigMapVerdict = { kind: 'allow', warnings: [] };
const deny = (status: number, message: string): ConfigMapVerdict => ({ kind: 'deny', status, message });

async function judge(
  request: AdmissionRequest,
  options: ReviewOptions,
  signal: AbortSignal,
): Promise<ConfigMapVerdict> {
  if (signal.aborted) return deny(BUSY, 'it could not be compiled in time; try again');
  const channel = request.object?.metadata.annotations[CHANNEL] === 'candidate' ? 'candidate' : 'stable';
  const outcome = await options.build(setWith(request, channel, options), signal);
  if (outcome.ok) return ALLOWED;
  const { issues, isPassing } = outcome.error;
  if (isPassing) return deny(BUSY, `it could not be compiled in time: ${issues[0]?.message ?? ''}`);
  const own = `${request.namespace}/${request.name}`;
  // Else two broken ConfigMaps could only be mended together.
  const isElsewhere = issues.every(({ configMap }) => configMap !== own);
  const wasBroken = options.issuesOf(request.namespace, channel).length > 0;
  return isElsewhere && wasBroken
    ? { kind: 'allow', warnings: issues.map(describeElsewhere) }
    : deny(INVALID, describeAll(issues, own));
}

/** As it will be when the request is allowed; what is no candidate is judged without those that are. */
function setWith(
  request: AdmissionRequest,
  channel: Channel,
  { platform, configMapsOf }: ReviewOptions,
): PolicySet {
  const { namespace, name, object } = request;
  const others = configMapsOf(namespace).filter(({ metadata }) => metadata.name !== name);
  const changed = object ? [{ ...object, metadata: { ...object.metadata, namespace, name } }] : [];
  const readIn = (configMaps: readonly ConfigMap[]): Floor =>
    (channel === 'candidate' ? readCandidateFloor(configMaps) : null) ?? readFloor(configMaps);
  const floor = readIn([...others, ...changed]);
  return namespace === platform
    ? { platform: floor, own: EMPTY_FLOOR }
    : { platform: readIn(configMapsOf(platform)), own: floor };
}

const describeElsewhere = (issue: SetIssue): string => `${issue.configMap}: ${describeIssue(issue)}`;

function describeAll(issues: readonly SetIssue[], own: string): string {
  const lines = issues.map((issue) =>
    issue.configMap === own || issue.configMap === '' ? describeIssue(issue) : describeElsewhere(issue),
  );
  return shorten(lines.join('\n'), LONGEST_MESSAGE);
}

function writeAnswer(uid: string, verdict: ConfigMapVerdict): object {
  const response =
    verdict.kind === 'deny'
      ? { allowed: false, status: { code: verdict.status, message: `postern: ${verdict.message}` } }
      : { allowed: true, ...warn(verdict.warnings) };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, ...response } };
}

const warn = (warnings: readonly string[]): object =>
  warnings.length === 0
    ? {}
    : { warnings: warnings.slice(0, 8).map((each) => shorten(`postern: ${each}`, LONGEST_WARNING)) };

const shorten = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
