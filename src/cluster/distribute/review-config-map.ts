// An AdmissionReview of a ConfigMap in; one that answers it, after its namespace's would-be policies were compiled and its own tests run, out.
import { err, ok, type Result } from '../../lib/result.ts';
import { readReview, type AdmissionRequest } from './admission-request.ts';
import { keyOf, type BuildSet } from './build-set.ts';
import { holdsPolicies, holdsTests, type ConfigMap } from './config-map.ts';
import {
  EMPTY_FLOOR,
  readCandidateFloor,
  readFloor,
  testingOnly,
  type Floor,
  type PolicySet,
} from './floor.ts';
import { BUNDLE_LABEL, CHANNEL, isControllers } from './names.ts';
import type { SetIssue } from './set-issue.ts';
import { Turns } from './turns.ts';
import {
  ALLOWED,
  deny,
  describeAll,
  describeElsewhere,
  writeAnswer,
  type ConfigMapVerdict,
} from './write-review.ts';

export interface ReviewOptions {
  readonly build: BuildSet;
  /** Runs tests and cases: those of the namespace, or the platform's where the namespace has nothing. */
  readonly test: BuildSet;
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
  /** What one namespace may take of it while another waits. */
  readonly sharedMs?: number;
}

export type Channel = 'stable' | 'candidate';

export interface ConfigMapReview {
  /** To be sent. */
  readonly answer: object;
  readonly verdict: ConfigMapVerdict;
}

export type ReviewConfigMap = (body: unknown) => Promise<Result<ConfigMapReview, string>>;

const LIMIT_MS = 13_000;
const SHARED_MS = 4000;
/** What took too long takes as long the next time. */
const REMEMBERED_MS = 5_000;
const MOST_REMEMBERED = 256;
const FORBIDDEN = 403;
const INVALID = 422;
const BUSY = 429;
const TOO_LONG = deny(BUSY, 'it could not be compiled in time a moment ago; try again in five seconds');

/** Reviews are compiled one at a time, beside what is distributed; namespaces take turns. */
export function createReview(options: ReviewOptions): ReviewConfigMap {
  const { limitMs = LIMIT_MS, sharedMs = Math.min(SHARED_MS, limitMs) } = options;
  const turns = new Turns({ limitMs, sharedMs });
  /** Sets that took too long, and until when that is said at once. */
  const tooLong = new Map<string, number>();
  return async (body) => {
    const read = readReview(body);
    if (!read.ok) return err(read.error);
    const request = read.value;
    const verdict = judgeAtOnce(request, options) ?? (await inTurn(request));
    return ok({ answer: writeAnswer(request.uid, verdict), verdict });
  };

  async function inTurn(request: AdmissionRequest): Promise<ConfigMapVerdict> {
    if (isTooLong(request)) return TOO_LONG;
    const turn = turns.take(request.namespace, (signal) => judgeIn(request, signal));
    return (await turn) ?? deny(BUSY, 'too many policies are being reviewed; try again');
  }

  async function judgeIn(request: AdmissionRequest, signal: AbortSignal): Promise<ConfigMapVerdict> {
    if (signal.aborted) return deny(BUSY, 'it could not be compiled in time; try again');
    if (isTooLong(request)) return TOO_LONG;
    const verdict = await judge(request, options, signal);
    if (signal.aborted) remember(keyOf(setWith(request, options)));
    return verdict;
  }

  function isTooLong(request: AdmissionRequest): boolean {
    if (tooLong.size === 0) return false;
    return (tooLong.get(keyOf(setWith(request, options))) ?? 0) > performance.now();
  }

  function remember(key: string): void {
    tooLong.delete(key);
    tooLong.set(key, performance.now() + REMEMBERED_MS);
    const [oldest] = tooLong.keys();
    if (tooLong.size > MOST_REMEMBERED && oldest !== undefined) tooLong.delete(oldest);
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

async function judge(
  request: AdmissionRequest,
  options: ReviewOptions,
  signal: AbortSignal,
): Promise<ConfigMapVerdict> {
  const set = setWith(request, options);
  const outcome = await options.build(set, signal);
  if (outcome.ok) return judgeTests(request, { set, signal, test: options.test });
  const { issues, isPassing } = outcome.error;
  if (isPassing) return deny(BUSY, `it could not be compiled in time: ${issues[0]?.message ?? ''}`);
  const own = ownName(request);
  // Else two broken ConfigMaps could only be mended together.
  const isElsewhere = issues.every((issue) => isOthers(issue, own));
  const wasBroken = options.issuesOf(request.namespace, channelOf(request)).length > 0;
  return isElsewhere && wasBroken
    ? { kind: 'allow', warnings: issues.map(describeElsewhere) }
    : deny(INVALID, describeAll(issues, own));
}

interface Testing {
  readonly set: PolicySet;
  readonly signal: AbortSignal;
  readonly test: BuildSet;
}

/** Its own, and nobody else's: others were run when they came. */
async function judgeTests(
  request: AdmissionRequest,
  { set, signal, test }: Testing,
): Promise<ConfigMapVerdict> {
  if (!request.object || !holdsTests(request.object)) return ALLOWED;
  const own = ownName(request);
  const tested = { platform: testingOnly(set.platform, own), own: testingOnly(set.own, own) };
  const outcome = await test(tested, signal);
  if (outcome.ok) return ALLOWED;
  const { issues, isPassing } = outcome.error;
  return isPassing
    ? deny(BUSY, `its tests could not be run in time: ${issues[0]?.message ?? ''}`)
    : deny(INVALID, describeAll(issues, own));
}

const ownName = ({ namespace, name }: AdmissionRequest): string => `${namespace}/${name}`;

const channelOf = ({ object }: AdmissionRequest): Channel =>
  object?.metadata.annotations[CHANNEL] === 'candidate' ? 'candidate' : 'stable';

/** Of what is too large as a whole, nobody else is to blame. */
const isOthers = ({ configMap, code }: SetIssue, own: string): boolean =>
  configMap !== own && configMap !== '' && code !== 'config_map.too_much';

/** As it will be when the request is allowed; what is no candidate is judged without those that are. */
function setWith(request: AdmissionRequest, { platform, configMapsOf }: ReviewOptions): PolicySet {
  const { namespace, name, object } = request;
  const others = configMapsOf(namespace).filter(({ metadata }) => metadata.name !== name);
  const changed = object ? [{ ...object, metadata: { ...object.metadata, namespace, name } }] : [];
  const readIn = (configMaps: readonly ConfigMap[]): Floor =>
    (channelOf(request) === 'candidate' ? readCandidateFloor(configMaps) : null) ?? readFloor(configMaps);
  const floor = readIn([...others, ...changed]);
  return namespace === platform
    ? { platform: floor, own: EMPTY_FLOOR }
    : { platform: readIn(configMapsOf(platform)), own: floor };
}
