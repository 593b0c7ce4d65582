// An AdmissionReview of a pod in; the one that answers it, with what was decided for whoever counts and tells, out.
import { admitPod, type Admission, type Verdict } from './admit.ts';
import type { Operation } from './draft.ts';
import { isObject, listAt, objectAt, textAt, type Json } from './json.ts';
import type { Namespace } from './pod.ts';
import type { ReviewUids } from './uid.ts';

export interface ReviewSurroundings extends Pick<Admission, 'settings'> {
  readonly uids: ReviewUids;
  /** Null for one that is not known (yet). */
  readonly namespaceOf: (name: string) => Namespace | null;
}

export type Reviewed =
  | {
      readonly kind: 'answered';
      readonly answer: object;
      readonly verdict: Verdict;
      /** Nothing may be counted as done, nor events be written. */
      readonly isDryRun: boolean;
      /** Whom events are about. */
      readonly subject: Subject;
    }
  | { readonly kind: 'malformed'; readonly message: string };

export interface Subject {
  readonly namespace: string;
  /** Of a pod that has none yet, what it will begin with. */
  readonly name: string;
  readonly owners: readonly Json[];
}

export function reviewPod(body: unknown, around: ReviewSurroundings): Reviewed {
  const request = readRequest(body);
  if (typeof request === 'string') return { kind: 'malformed', message: request };
  const { uid, kind, subject, object, isDryRun } = request;
  if (kind !== 'Pod') return { kind: 'malformed', message: `it is about a ${kind}, not a Pod` };
  const namespace = around.namespaceOf(subject.namespace);
  const verdict: Verdict =
    namespace === null
      ? { kind: 'deny', message: `namespace ${subject.namespace} is not known to Postern yet; try again` }
      : admitPod({
          settings: around.settings,
          uids: isDryRun ? around.uids.passing : around.uids,
          pod: object,
          namespace,
        });
  return { kind: 'answered', answer: answerOf(uid, verdict), verdict, isDryRun, subject };
}

interface Request {
  readonly uid: string;
  readonly kind: string;
  readonly object: Json;
  readonly isDryRun: boolean;
  readonly subject: Subject;
}

/** Or what is wrong with it. */
export function readRequest(body: unknown): Request | string {
  if (!isObject(body) || body['apiVersion'] !== 'admission.k8s.io/v1' || body['kind'] !== 'AdmissionReview')
    return 'it is no AdmissionReview of admission.k8s.io/v1';
  const request = objectAt(body, 'request');
  const [uid, namespace] = [textAt(request, 'uid'), textAt(request, 'namespace')];
  const { object } = request;
  if (uid === null || namespace === null || !isObject(object))
    return 'its request lacks uid, namespace or object';
  return {
    uid,
    kind: textAt(objectAt(request, 'kind'), 'kind') ?? '',
    object,
    isDryRun: request['dryRun'] === true,
    subject: subjectOf(object, namespace),
  };
}

function subjectOf(object: Json, namespace: string): Subject {
  const metadata = objectAt(object, 'metadata');
  const name = textAt(metadata, 'name') ?? textAt(metadata, 'generateName') ?? '';
  return { namespace, name, owners: listAt(metadata, 'ownerReferences') };
}

const FORBIDDEN = 403;

function answerOf(uid: string, verdict: Verdict): object {
  switch (verdict.kind) {
    case 'deny':
      return allowing(uid, {
        allowed: false,
        status: { code: FORBIDDEN, message: `postern: ${verdict.message}` },
      });
    case 'skip':
      return allowing(uid, { allowed: true, ...warn(verdict.warnings) });
    case 'patch':
      return allowing(uid, { allowed: true, ...warn(verdict.warnings), ...patchIn(verdict.operations) });
  }
}

export const allowing = (uid: string, response: object): object => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid, ...response },
});

const patchIn = (operations: readonly Operation[]): object =>
  operations.length === 0
    ? {}
    : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(operations)).toString('base64') };

/** The API server cuts each after 256 characters, and drops what is beyond 4,096 of all. */
const LONGEST = 256;
export const MOST = 16;

export const warn = (warnings: readonly string[]): object =>
  warnings.length === 0
    ? {}
    : { warnings: warnings.slice(0, MOST).map((warning) => shorten(`postern: ${warning}`)) };

const shorten = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
