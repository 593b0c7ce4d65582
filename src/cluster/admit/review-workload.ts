// An AdmissionReview of a Deployment or the like in; an answer that always allows it, with warnings about what its pods will meet, out.
import { admitPod } from './admit.ts';
import { isObject, objectAt, type Json } from './json.ts';
import { PREFIX } from './names.ts';
import { allowing, MOST, readRequest, warn, type ReviewSurroundings } from './review.ts';
import { podAt, podPathOf } from './templates.ts';

export type WorkloadReviewed =
  | { readonly kind: 'answered'; readonly answer: object; readonly warnings: readonly string[] }
  | { readonly kind: 'malformed'; readonly message: string };

export function reviewWorkload(body: unknown, around: ReviewSurroundings): WorkloadReviewed {
  const request = readRequest(body);
  if (typeof request === 'string') return { kind: 'malformed', message: request };
  const { uid, kind, object, subject } = request;
  const workload = { ...object, kind };
  const path = podPathOf(workload);
  const template = path === null || path.length === 0 ? null : podAt(workload, path);
  const warnings =
    template === null
      ? []
      : [...misplaced(object, template), ...foreseen(template, subject.namespace, around)];
  return { kind: 'answered', answer: allowing(uid, { allowed: true, ...warn(warnings) }), warnings };
}

/** The commonest mistake: pods are made of the template, and know nothing of what stands above it. */
function misplaced(workload: Json, template: Json): readonly string[] {
  const below = new Set(keysOf(template));
  return keysOf(workload)
    .filter((key) => !below.has(key))
    .slice(0, MOST)
    .map(
      (key) =>
        `${key} stands on the workload, where pods do not have it: set it in the metadata of its template`,
    );
}

const keysOf = ({ metadata }: Json): readonly string[] =>
  isObject(metadata)
    ? ['labels', 'annotations']
        .flatMap((texts) => Object.keys(objectAt(metadata, texts)))
        .filter((key) => key.startsWith(PREFIX))
    : [];

function foreseen(
  pod: Json,
  name: string,
  { settings, uids, namespaceOf }: ReviewSurroundings,
): readonly string[] {
  const namespace = namespaceOf(name);
  const verdict = namespace === null ? null : admitPod({ settings, uids: uids.passing, pod, namespace });
  if (verdict === null) return [];
  return verdict.kind === 'deny' ? [`its pods will be refused: ${verdict.message}`] : verdict.warnings;
}
