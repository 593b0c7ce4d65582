// What a sidecar says of the policies it has, as JSON, in; the same, understood, out. A pod speaks: nothing is believed beyond its shape.
import { z } from 'zod';
import { err, ok, type Result } from '../../lib/result.ts';

const MOST_ISSUES = 100;
const place = z.int().min(0).max(10_000_000);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What a newer sidecar says beside is left out; what must be there must be right. */
const issue = z.object({
  file: z.string().max(1024),
  row: place,
  column: place,
  message: z.string().max(4096),
});

const MOST_RESULTS = 16;

const compared = z.object({
  digest,
  state: z.enum(['ok', 'degraded', 'empty']),
  /** How many sides of exchanges, by what became of them. */
  sides: z
    .record(z.string().max(32), z.int().nonnegative())
    .refine((sides) => Object.keys(sides).length <= MOST_RESULTS, 'too many'),
});

const schema = z
  .object({
    /** In force; null while nothing is. */
    digest: digest.nullable(),
    state: z.enum(['ok', 'degraded', 'empty']),
    loadedAt: z.iso.datetime().nullable(),
    issues: z.array(issue).max(MOST_ISSUES).default([]),
    version: z.string().min(1).max(64),
    /** What is compared; null where nothing is, or a sidecar knows nothing of that. */
    candidate: compared.nullable().default(null),
  })
  .refine(
    ({ digest, state }) => (digest === null) === (state === 'empty'),
    'only what is empty has no digest',
  );

export type AcknowledgedIssue = z.output<typeof issue>;

/** Of a pod that was authenticated. */
export interface Acknowledgement extends z.output<typeof schema> {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  /** When it was heard. */
  readonly atMs: number;
}

/** The error names the field at fault, never what stood there. */
export function parseAcknowledgement(text: string): Result<z.output<typeof schema>, string> {
  const parsed = schema.safeParse(readJson(text));
  if (parsed.success) return ok(parsed.data);
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  return err(at === '' ? 'it is not what an acknowledgement has to be' : `${at} is not what it has to be`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
