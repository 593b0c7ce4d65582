// The body of an answer in; what it says, its usage and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { itemsOf, parseJson, type JsonNode } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { note, plain, type Reader } from '../read/readers.ts';
import { candidates, listFinishes, safetyRatings } from './candidates.ts';
import { findCount, findField, findText, proto, repeated, token, word } from './proto.ts';

export const ANSWERING: Place = {
  turn: 0,
  role: 'model',
  origin: 'assistant',
  lane: '0',
  kind: 'text',
};

export const byModality = repeated(proto({ modality: word(''), tokenCount: plain }));

export const usageMetadata = proto({
  promptTokenCount: plain,
  candidatesTokenCount: plain,
  thoughtsTokenCount: plain,
  toolUsePromptTokenCount: plain,
  cachedContentTokenCount: plain,
  initialPromptTokenCount: plain,
  totalTokenCount: plain,
  promptTokenDetails: byModality,
  promptTokensDetails: byModality,
  candidatesTokensDetails: byModality,
  cacheTokensDetails: byModality,
  toolUsePromptTokensDetails: byModality,
  trafficType: word(''),
  serviceTier: note,
});

export const error = proto({ code: plain, message: note, status: note, details: note });

export const readAnswer: Reader = proto({
  candidates,
  promptFeedback: proto({ blockReason: word(''), blockReasonMessage: note, safetyRatings }),
  usageMetadata,
  modelVersion: note,
  modelStatus: note,
  responseId: token,
  createTime: note,
  error,
});

export const decodeResponse = answersOf(readAnswer);

export function answersOf(read: Reader): (body: Buffer) => Result<ResponseMessage, DecodeFault> {
  return (body) => {
    const parsed = parseAnswer(body);
    if (!parsed.ok) return parsed;
    const out = new Collector(body, 'assistant');
    read(parsed.value, ANSWERING, out);
    if (out.fault !== null) return err(out.fault);
    return ok({
      model: findText(parsed.value, 'modelVersion') ?? '',
      parts: out.parts,
      coverage: out.coverage,
      usage: readUsage(parsed.value),
      finishReasons: listReasons(parsed.value),
    });
  };
}

/** Where the answer would have been a list, an error stands in one too. */
function parseAnswer(body: Buffer): Result<JsonNode, DecodeFault> {
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  const [only, more] = itemsOf(parsed.value);
  const isError = more === undefined && only !== undefined && findField(only, 'error') !== undefined;
  const answer = isError ? only : parsed.value;
  return answer.kind === 'object' ? ok(answer) : err({ code: 'body.not_an_object', offset: 0 });
}

/** Why candidates ended, or why there are none. */
export function listReasons(answer: JsonNode): string[] {
  const feedback = findField(answer, 'promptFeedback');
  const blocked = feedback === undefined ? undefined : findText(feedback, 'blockReason');
  return [...listFinishes(answer), ...(blocked === undefined ? [] : [blocked])];
}

/** Thoughts were said as well, and what tools brought was read. */
export function readUsage(answer: JsonNode): Usage {
  const usage = findField(answer, 'usageMetadata');
  const sum = (...names: readonly string[]): number | undefined => {
    const counts = names.flatMap((name) => findCount(usage, name) ?? []);
    return counts.length === 0 ? undefined : counts.reduce((total, one) => total + one, 0);
  };
  const inputTokens = sum('promptTokenCount', 'toolUsePromptTokenCount');
  const outputTokens = sum('candidatesTokenCount', 'thoughtsTokenCount');
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
