// How far batches are in; as metadata, and with addresses that lead back through the gate, out.
import type { Edit } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { answersOf } from '../anthropic-messages/answer.ts';
import type { DecodeFault } from '../codec.ts';
import { encodeString, findValue, isNull, itemsOf, type JsonNode } from '../json/index.ts';
import { counts, list, note, object, plain, type Fields } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';

const batch: Fields = {
  type: note,
  id: note,
  processing_status: note,
  request_counts: counts(),
  created_at: note,
  expires_at: note,
  ended_at: note,
  archived_at: note,
  cancel_initiated_at: note,
  results_url: note,
};

/** One, a page of them, or an error in their place. */
export const decodeResponse = answersOf({
  ...batch,
  data: list(object(batch)),
  first_id: note,
  last_id: note,
  has_more: plain,
});

const RESULTS = /^(?:https:\/\/[^/?#]+)?(\/v1\/messages\/batches\/[A-Za-z0-9_-]+\/results)$/;

/** SDKs fetch results from the address that stands here, whatever base URL they have: a path alone is below that. */
export function leadBack(body: Buffer): Result<readonly Edit[], DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const edits: Edit[] = [];
  for (const each of [parsed.value, ...itemsOf(findValue(parsed.value, 'data'))]) {
    const address = findValue(each, 'results_url');
    if (address === undefined || isNull(address)) continue;
    const path = pathOf(address);
    if (path === undefined) return err({ code: 'batch.results_url', offset: address.start });
    edits.push({ start: address.start, end: address.end, replacement: encodeString(path) });
  }
  return ok(edits);
}

const pathOf = (address: JsonNode): string | undefined =>
  address.kind === 'string' ? RESULTS.exec(address.value)?.[1] : undefined;
