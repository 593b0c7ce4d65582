// The body of an answer in; what it says, its usage and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, type JsonNode } from '../json/index.ts';
import { exceptionFields } from '../bedrock/exception.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { list, note, object, oneOf, plain, type Fields } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';
import { content } from './blocks.ts';
import { performanceConfig, serviceTier } from './settings.ts';

export const ANSWERING: Place = {
  turn: 0,
  role: 'assistant',
  origin: 'assistant',
  lane: '0.0',
  kind: 'text',
};

export const role = oneOf('assistant');

const usage = object({
  inputTokens: plain,
  outputTokens: plain,
  totalTokens: plain,
  cacheReadInputTokens: plain,
  cacheWriteInputTokens: plain,
  cacheDetails: list(object({ ttl: oneOf('5m', '1h'), inputTokens: plain })),
});

/** Why it ended; fields of the model's own may repeat what it said. */
export const ending: Fields = {
  stopReason: oneOf(
    'end_turn',
    'tool_use',
    'max_tokens',
    'stop_sequence',
    'guardrail_intervened',
    'content_filtered',
    'malformed_model_output',
    'malformed_tool_use',
    'model_context_window_exceeded',
  ),
  additionalModelResponseFields: note,
};

/** What it took; the trace of a guardrail quotes what it saw. */
export const account: Fields = {
  usage,
  metrics: object({ latencyMs: plain }),
  trace: note,
  performanceConfig,
  serviceTier,
};

const answer = object({
  output: object({ message: object({ role, content }) }),
  ...ending,
  ...account,
  ...exceptionFields,
});

export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const out = new Collector(body, 'assistant');
  answer(parsed.value, ANSWERING, out);
  const reason = findString(parsed.value, 'stopReason');
  return ok({
    model: '',
    parts: out.parts,
    coverage: out.coverage,
    usage: readUsage(parsed.value),
    finishReasons: reason === undefined ? [] : [reason],
  });
}

const INPUT = ['inputTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens'] as const;

/** What was read from or written to a cache was input as well. */
export function readUsage(said: JsonNode): Usage {
  const counted = findValue(said, 'usage');
  if (counted === undefined) return {};
  const input = INPUT.flatMap((name) => findNumber(counted, name) ?? []);
  const outputTokens = findNumber(counted, 'outputTokens');
  return {
    ...(input.length === 0 ? {} : { inputTokens: input.reduce((sum, tokens) => sum + tokens, 0) }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
