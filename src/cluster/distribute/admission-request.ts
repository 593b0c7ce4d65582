// An AdmissionReview of a ConfigMap in; the request in it out, or what is wrong with it.
import { z } from 'zod';
import { err, ok, type Result } from '../../lib/result.ts';

const texts = z.record(z.string(), z.string());

const configMap = z.looseObject({
  metadata: z.looseObject({
    name: z.string().default(''),
    generateName: z.string().default(''),
    namespace: z.string().optional(),
    labels: texts.nullish().transform((value) => value ?? {}),
    annotations: texts.nullish().transform((value) => value ?? {}),
  }),
  data: texts.nullish().transform((value) => value ?? {}),
  binaryData: texts.nullish().transform((value) => value ?? {}),
});

const review = z.looseObject({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.looseObject({
    uid: z.string().min(1),
    kind: z.looseObject({ kind: z.literal('ConfigMap') }),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE']),
    namespace: z.string().min(1),
    name: z.string().default(''),
    userInfo: z.looseObject({ username: z.string().default('') }),
    object: configMap.nullish(),
  }),
});

export type AdmissionRequest = z.output<typeof review>['request'];

export function readReview(body: unknown): Result<AdmissionRequest, string> {
  const parsed = review.safeParse(body);
  if (parsed.success) return ok(named(parsed.data.request));
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  return err(`it is no AdmissionReview of a ConfigMap${at === '' ? '' : `: ${at}`}`);
}

/** Where the API server makes up a name, the request has none, and the object has it, or at least how it begins. */
function named(request: AdmissionRequest): AdmissionRequest {
  const { name, generateName } = request.object?.metadata ?? { name: '', generateName: '' };
  return { ...request, name: [request.name, name, generateName].find((each) => each !== '') ?? '' };
}
