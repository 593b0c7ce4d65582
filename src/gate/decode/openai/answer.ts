// The body of an answer of OpenAI's older APIs in; what it says, its usage and why it ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, itemsOf, type JsonNode } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { byKind, note, object, plain, type Fields, type Reader } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';

export const ANSWERING: Place = { turn: 0, role: 'assistant', origin: 'assistant', lane: '', kind: 'text' };

/** What stands in the place of an answer; `status` and `innererror` are Azure's. */
export const error: Reader = byKind({
  string: note,
  object: object({ message: note, type: note, param: note, code: note, status: plain, innererror: note }),
});

/** Mistral's, which stands in no field of its own. */
export const flatError: Fields = {
  message: note,
  type: note,
  param: note,
  code: note,
  raw_status_code: plain,
  detail: note,
};

export const answersOf =
  (readAnswer: Reader) =>
  (body: Buffer): Result<ResponseMessage, DecodeFault> => {
    const parsed = parseObject(body);
    if (!parsed.ok) return parsed;
    const out = new Collector(body, 'assistant');
    readAnswer(parsed.value, ANSWERING, out);
    if (out.fault !== null) return err(out.fault);
    return ok({
      model: findString(parsed.value, 'model') ?? '',
      parts: out.parts,
      coverage: out.coverage,
      usage: readUsage(parsed.value),
      finishReasons: listFinishes(parsed.value).map(({ reason }) => reason),
    });
  };

/** Pictures are counted under the newer names. */
export function readUsage(answer: JsonNode): Usage {
  const usage = findValue(answer, 'usage');
  if (usage === undefined) return {};
  const inputTokens = findNumber(usage, 'prompt_tokens') ?? findNumber(usage, 'input_tokens');
  const outputTokens = findNumber(usage, 'completion_tokens') ?? findNumber(usage, 'output_tokens');
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

interface Finish {
  readonly choice: number;
  readonly reason: string;
}

export const listFinishes = (answer: JsonNode): Finish[] =>
  itemsOf(findValue(answer, 'choices')).flatMap((item, position) => {
    const reason = findString(item, 'finish_reason');
    return reason === undefined ? [] : [{ choice: choiceIndex(item, position), reason }];
  });

/** Where it says it stands, or else where it does stand. */
export const choiceIndex = (item: JsonNode, position: number): number =>
  findNumber(item, 'index') ?? position;
