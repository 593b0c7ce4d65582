// What OpenAI says of files and of batches: their states and settings, and no words of a model.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { ResponseMessage } from '../../../exchange/index.ts';
import type { DecodeFault } from '../codec.ts';
import { error } from '../openai/answer.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import {
  counts,
  id,
  list,
  map,
  note,
  object,
  oneOf,
  plain,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';

export const NOBODY: Place = { turn: -1, role: '', origin: 'assistant', lane: '', kind: 'text' };

const file: Fields = {
  id,
  object: oneOf('file'),
  bytes: plain,
  created_at: plain,
  expires_at: plain,
  filename: note,
  purpose: note,
  status: note,
  status_details: note,
  deleted: plain,
};

const batch: Fields = {
  id: note,
  object: oneOf('batch'),
  endpoint: note,
  model: note,
  errors: object({
    object: note,
    data: list(object({ code: note, message: note, param: note, line: plain })),
  }),
  input_file_id: id,
  output_file_id: id,
  error_file_id: id,
  completion_window: note,
  status: note,
  metadata: map(note),
  request_counts: counts(),
  usage: counts(),
  ...Object.fromEntries(
    [
      'created',
      'in_progress',
      'expires',
      'finalizing',
      'completed',
      'failed',
      'expired',
      'cancelling',
      'cancelled',
    ].map((state) => [`${state}_at`, plain]),
  ),
};

/** One, a page of them, or an error in their place. */
const pageOf = (fields: Fields): Reader =>
  object({
    ...fields,
    object: note,
    data: list(object(fields)),
    first_id: note,
    last_id: note,
    has_more: plain,
    error,
  });

const answerOf =
  (read: Reader) =>
  (body: Buffer): Result<ResponseMessage, DecodeFault> => {
    const parsed = parseObject(body);
    if (!parsed.ok) return parsed;
    const out = new Collector(body, 'assistant');
    read(parsed.value, NOBODY, out);
    if (out.fault !== null) return err(out.fault);
    return ok({ model: '', parts: out.parts, coverage: out.coverage, usage: {}, finishReasons: [] });
  };

export const decodeFileAnswer = answerOf(pageOf(file));
export const decodeBatchAnswer = answerOf(pageOf(batch));
