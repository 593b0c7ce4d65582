// The body of an answer in; what it says, its usage and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, type JsonNode } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { list, note, object, plain } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';
import { choices, listFinishes } from './choices.ts';
import { identity } from './fields.ts';

export const ANSWERING: Place = { turn: 0, role: 'assistant', origin: 'assistant', lane: '', kind: 'text' };

/** The last four are what servers of the same dialect add. */
const readAnswer = object({
  ...identity,
  choices,
  prompt_filter_results: note,
  prompt_logprobs: note,
  prompt_token_ids: list(plain),
  kv_transfer_params: note,
});

export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const out = new Collector(body, 'assistant');
  readAnswer(parsed.value, ANSWERING, out);
  return ok({
    model: findString(parsed.value, 'model') ?? '',
    parts: out.parts,
    coverage: out.coverage,
    usage: readUsage(parsed.value),
    finishReasons: listFinishes(parsed.value).map(({ reason }) => reason),
  });
}

export function readUsage(answer: JsonNode): Usage {
  const usage = findValue(answer, 'usage');
  if (usage === undefined) return {};
  const inputTokens = findNumber(usage, 'prompt_tokens');
  const outputTokens = findNumber(usage, 'completion_tokens');
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
