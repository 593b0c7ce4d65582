// The bodies of Ollama's answers in; what they say, what they cost and why they ended out.
import type { ResponseMessage, Usage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, itemsOf, type JsonNode, type JsonObject } from '../json/index.ts';
import { ANSWERING } from '../openai/answer.ts';
import { Collector } from '../read/collector.ts';
import { addTokens, token } from '../read/logprobs.ts';
import {
  as,
  known,
  list,
  note,
  object,
  oneOf,
  plain,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';
import { spoken } from './fields.ts';

const tokens = list(token);

const logprobs: Reader = (node, place, out) => {
  addTokens(itemsOf(node), place, out);
  tokens(node, place, out);
};

const DURATIONS = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

const measured: Fields = {
  model: note,
  remote_model: note,
  remote_host: note,
  created_at: note,
  done: plain,
  done_reason: oneOf('stop', 'length', 'load', 'unload', 'content_filter'),
  ...Object.fromEntries(DURATIONS.map((name) => [name, plain])),
  error: note,
};

const said: Fields = { ...measured, logprobs };

export const chat = object({ ...said, message: object({ ...spoken, role: oneOf('assistant') }) });

/** The tokens of prompt and answer: they repeat both, in an alphabet that nobody here reads. */
const context: Reader = (node, _place, out) => {
  if (itemsOf(node).length > 0) out.countOpaque(node);
  numbers(node, ANSWERING, out);
};

const numbers = list(plain);

export const generate = object({
  ...said,
  response: text(),
  thinking: text('reasoning'),
  tool_calls: spoken['tool_calls'] ?? known,
  context,
});

const embed = object({ ...measured, embeddings: (node, _place, out) => out.countOpaque(node) });

export const PLACE = { ...ANSWERING, lane: '0.0' } as const;

export const decodeChatAnswer = answersOf(chat);
export const decodeGenerated = answersOf(generate);
export const decodeEmbeddings = answersOf(embed);

/** Whatever can be asked of the server beside models: names and facts. */
export const decodeFacts = answersOf(as({}, note));

function answersOf(read: Reader) {
  return (body: Buffer): Result<ResponseMessage, DecodeFault> => {
    const parsed = parseObject(body);
    if (!parsed.ok) return parsed;
    const out = new Collector(body, 'assistant');
    read(parsed.value, PLACE, out);
    if (hasContext(parsed.value)) out.sealFrom(0);
    if (out.fault !== null) return err(out.fault);
    const reason = findString(parsed.value, 'done_reason');
    return ok({
      model: findString(parsed.value, 'model') ?? '',
      parts: out.parts,
      coverage: out.coverage,
      usage: readUsage(parsed.value),
      finishReasons: reason === undefined ? [] : [reason],
    });
  };
}

/** An answer whose tokens come with it cannot be masked: they would still say what was there. */
export const hasContext = (answer: JsonNode): boolean => itemsOf(findValue(answer, 'context')).length > 0;

export function readUsage(answer: JsonObject): Usage {
  const [inputTokens, outputTokens] = [
    findNumber(answer, 'prompt_eval_count'),
    findNumber(answer, 'eval_count'),
  ];
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
