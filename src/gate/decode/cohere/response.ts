// The body of one of Cohere's answers in; what it says, what it cost and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, type JsonNode } from '../json/index.ts';
import { toolCalls } from '../openai-chat/calls.ts';
import { ANSWERING as ANYONE } from '../openai/answer.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { as, blocks, byKind, counts, list, note, object, oneOf, text } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';
import { answeredBlock, answerId, citation, logprob, plan, reason } from './fields.ts';

export const ANSWERING: Place = { ...ANYONE, lane: '0.0' };

const message = object({
  role: oneOf('assistant'),
  content: byKind({ string: text(), array: blocks(answeredBlock) }),
  tool_calls: as({ lane: '0.call' }, toolCalls),
  tool_plan: plan,
  citations: as({ lane: '0.cited' }, list(citation)),
});

/** An error says it at the top. */
const answer = object({
  id: answerId,
  finish_reason: reason,
  message: byKind({ string: note, object: message }),
  usage: counts(),
  logprobs: list(logprob),
});

export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const out = new Collector(body, 'assistant');
  answer(parsed.value, ANSWERING, out);
  if (out.fault !== null) return err(out.fault);
  const finish = findString(parsed.value, 'finish_reason');
  return ok({
    model: '',
    parts: out.parts,
    coverage: out.coverage,
    usage: readUsage(parsed.value),
    finishReasons: finish === undefined ? [] : [finish],
  });
}

export function readUsage(node: JsonNode): Usage {
  const usage = findValue(node, 'usage');
  const tokens = usage === undefined ? undefined : findValue(usage, 'tokens');
  if (tokens === undefined) return {};
  const [inputTokens, outputTokens] = [
    findNumber(tokens, 'input_tokens'),
    findNumber(tokens, 'output_tokens'),
  ];
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
