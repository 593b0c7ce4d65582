// The body of an answer in; what it says, its usage and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, type JsonNode } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { counts, id, list, note, object, oneOf, type Fields } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';
import { error } from './answer.ts';
import { content } from './blocks.ts';

export const ANSWERING: Place = {
  turn: 0,
  role: 'assistant',
  origin: 'assistant',
  lane: '0.0',
  kind: 'text',
};

const usage = counts('standard', 'fast', 'priority', 'batch', 'message', 'compaction');

export const ending: Fields = {
  stop_reason: oneOf(
    'end_turn',
    'max_tokens',
    'stop_sequence',
    'tool_use',
    'pause_turn',
    'compaction',
    'refusal',
    'model_context_window_exceeded',
  ),
  stop_sequence: note,
  stop_details: note,
  container: object({
    id,
    expires_at: note,
    skills: list(object({ type: oneOf('anthropic', 'custom'), skill_id: note, version: note })),
  }),
};

export const managed: Fields = {
  usage,
  context_management: note,
  input_transformations: note,
};

export const message = object({
  id,
  type: oneOf('message', 'error'),
  role: oneOf('assistant'),
  model: note,
  content,
  ...ending,
  ...managed,
  diagnostics: note,
  error,
  request_id: id,
});

export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const out = new Collector(body, 'assistant');
  message(parsed.value, ANSWERING, out);
  if (out.fault !== null) return err(out.fault);
  const reason = findString(parsed.value, 'stop_reason');
  return ok({
    model: findString(parsed.value, 'model') ?? '',
    parts: out.parts,
    tools: out.tools,
    coverage: out.coverage,
    usage: readUsage(parsed.value),
    finishReasons: reason === undefined ? [] : [reason],
  });
}

const INPUT = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'] as const;

/** What was read from or written to a cache was input as well. */
export function readUsage(answer: JsonNode): Usage {
  const counted = findValue(answer, 'usage');
  if (counted === undefined) return {};
  const input = INPUT.flatMap((name) => findNumber(counted, name) ?? []);
  const outputTokens = findNumber(counted, 'output_tokens');
  return {
    ...(input.length === 0 ? {} : { inputTokens: input.reduce((sum, tokens) => sum + tokens, 0) }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
