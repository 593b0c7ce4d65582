// The body of an answer in; what it says, its usage and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, itemsOf, type JsonNode } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import {
  byKind,
  counts,
  id,
  note,
  object,
  oneOf,
  plain,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';
import { parseObject } from '../read/typed.ts';
import { readItem } from './items.ts';

export const ANSWERING: Place = {
  turn: 0,
  role: 'assistant',
  origin: 'assistant',
  lane: '0.0',
  kind: 'text',
};

const error = byKind({
  string: note,
  object: object({ message: note, type: note, param: note, code: note }),
});

/** What was asked stands in the answer again: it is judged there as well, but it is no word of the model. */
const ECHOED: Fields = Object.fromEntries(
  [
    'instructions',
    'tools',
    'tool_choice',
    'text',
    'reasoning',
    'metadata',
    'prompt',
    'prompt_cache_key',
    'prompt_cache_options',
    'prompt_cache_retention',
    'safety_identifier',
    'user',
    'model',
    'moderation',
    'billing',
    'context_management',
  ].map((name) => [name, note]),
);

const SETTINGS: Fields = Object.fromEntries(
  [
    'created_at',
    'completed_at',
    'background',
    'store',
    'parallel_tool_calls',
    'temperature',
    'top_p',
    'top_logprobs',
    'max_output_tokens',
    'max_tool_calls',
    'frequency_penalty',
    'presence_penalty',
  ].map((name) => [name, plain]),
);

/** `item` reads what stands in its output. */
export const answerFields = (item: Reader): Fields => ({
  ...ECHOED,
  ...SETTINGS,
  id,
  object: oneOf('response'),
  status: oneOf('completed', 'failed', 'in_progress', 'cancelled', 'queued', 'incomplete'),
  error,
  incomplete_details: object({ reason: oneOf('max_output_tokens', 'content_filter') }),
  previous_response_id: id,
  conversation: byKind({ string: id, object: object({ id }) }),
  service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority'),
  truncation: oneOf('auto', 'disabled'),
  usage: counts(),
  output: outputOf(item),
});

/** Each item is a block of its own, by its index. */
const outputOf = (item: Reader): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind !== 'array') return out.addUnknown(node);
    for (const [index, each] of itemsOf(node).entries()) item(each, { ...place, lane: `${index}.0` }, out);
  });

const readAnswer = object(answerFields(readItem({ take: callArguments, tools: note })));

export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const out = new Collector(body, 'assistant');
  readAnswer(parsed.value, ANSWERING, out);
  if (out.fault !== null) return err(out.fault);
  return ok({
    model: findString(parsed.value, 'model') ?? '',
    parts: out.parts,
    tools: out.tools,
    coverage: out.coverage,
    usage: readUsage(parsed.value),
    finishReasons: listFinishes(parsed.value),
  });
}

/** Why it is incomplete says more than that it is. */
export function listFinishes(answer: JsonNode): string[] {
  const details = findValue(answer, 'incomplete_details');
  const reason = (details && findString(details, 'reason')) ?? findString(answer, 'status');
  return reason === undefined ? [] : [reason];
}

export function readUsage(answer: JsonNode): Usage {
  const usage = findValue(answer, 'usage');
  if (usage === undefined) return {};
  const inputTokens = findNumber(usage, 'input_tokens');
  const outputTokens = findNumber(usage, 'output_tokens');
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
