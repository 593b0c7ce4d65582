// The body that begins a batch in; what is around its requests, and the requests themselves, out.
import type { RequestMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { MESSAGES } from '../anthropic-messages/operations.ts';
import type { DecodeFault, Enclosed } from '../codec.ts';
import { findValue, itemsOf } from '../json/index.ts';
import { enclosed, list, note, object } from '../read/readers.ts';
import { decodeNothing, readRequest } from '../read/request.ts';
import { parseObject } from '../read/typed.ts';

const reader = object({ requests: list(object({ custom_id: note, params: enclosed })) });

const TYPES = [{ name: 'requests', type: 'array', isRequired: true }] as const;

/** Only what begins a batch has a body. */
export const decodeRequest = (body: Buffer): Result<RequestMessage, DecodeFault> =>
  body.length === 0
    ? decodeNothing(body)
    : readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf: () => ({}) });

export function listRequests(body: Buffer): Result<readonly Enclosed[], DecodeFault> {
  if (body.length === 0) return ok([]);
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const listed: Enclosed[] = [];
  for (const item of itemsOf(findValue(parsed.value, 'requests'))) {
    const params = findValue(item, 'params');
    if (params?.kind !== 'object') return err({ code: 'batch.params', offset: item.start });
    listed.push({ operation: MESSAGES, start: params.start, end: params.end });
  }
  return ok(listed);
}
