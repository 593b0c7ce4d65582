// The bodies of Ollama's requests in; what they say, in the words of every dialect, out.
import type { Limits, Origin, RequestMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, itemsOf, type JsonNode, type JsonObject } from '../json/index.ts';
import { texts } from '../openai/texts.ts';
import type { Collector } from '../read/collector.ts';
import { named, type Place } from '../read/place.ts';
import {
  as,
  byKind,
  known,
  list,
  note,
  object,
  oneOf,
  plain,
  text,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { originOf, readRequest } from '../read/request.ts';
import { addTool } from '../read/tools.ts';
import { parseObject, type TypedField } from '../read/typed.ts';
import { images, spoken } from './fields.ts';

const ORIGINS: Readonly<Record<string, Origin>> = {
  system: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};

const turn = object(spoken);

const turns: Reader = (node, place, out) => {
  for (const [index, item] of itemsOf(node).entries()) {
    const role = findString(item, 'role') ?? '';
    const origin = originOf(role, ORIGINS);
    const there: Place = { ...place, turn: index, role, origin, lane: `${index}.0` };
    if (origin !== 'tool') turn(item, there, out);
    else turn(item, named({ ...there, kind: 'tool_result' }, answeringTool(item, out)), out);
  }
};

const answeringTool = (node: JsonNode, out: Collector): string | undefined =>
  findString(node, 'tool_name') ?? out.toolNames.get(findString(node, 'tool_call_id') ?? '');

const tool: Reader = (node, _place, out) => {
  const core = findValue(node, 'function') ?? node;
  addTool(
    { entry: node, core, name: findString(core, 'name') ?? '', kind: findString(node, 'type') ?? 'function' },
    out,
  );
};

const NUMBERS = [
  'num_keep',
  'seed',
  'top_k',
  'top_p',
  'min_p',
  'typical_p',
  'repeat_last_n',
  'temperature',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
  'penalize_newline',
  'numa',
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'use_mmap',
  'num_thread',
] as const;

const options = object({
  ...Object.fromEntries(NUMBERS.map((name) => [name, plain])),
  num_predict: known,
  stop: byKind({ string: note, array: list(note) }),
});

const shared: Fields = {
  model: note,
  stream: known,
  format: byKind({ string: oneOf('json', ''), object: note }),
  options,
  keep_alive: byKind({ string: note, number: plain }),
  think: byKind({ literal: plain, string: oneOf('low', 'medium', 'high', 'max') }),
  logprobs: plain,
  top_logprobs: known,
  truncate: plain,
  shift: plain,
};

const chat = object({ ...shared, messages: turns, tools: list(tool) });

const asUser = (read: Reader): Reader => as({ turn: 0, role: 'user', origin: 'user', lane: '0.0' }, read);

/** Tokens of an earlier exchange are text in an alphabet that is the model's alone. */
const tokens: Reader = unlessNull((node, _place, out) => {
  if (node.kind !== 'array' || node.items.length > 0) out.refuse('request.opaque_tokens', node);
});

/** A template stands around what the user says, and may say anything itself. */
const generate = object({
  ...shared,
  prompt: asUser(text()),
  suffix: asUser(text('text', 'suffix')),
  template: asUser(text('text', 'template')),
  system: as({ turn: 0, role: 'system', origin: 'system', lane: '0.0' }, text('text', 'system')),
  images: asUser(images),
  context: tokens,
  raw: plain,
  // Of models that make pictures.
  width: plain,
  height: plain,
  steps: plain,
});

const embed = object({
  model: note,
  input: texts('input'),
  truncate: plain,
  options,
  keep_alive: shared['keep_alive'] ?? note,
  dimensions: plain,
});

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string', isRequired: true },
  { name: 'stream', type: 'boolean' },
  { name: 'top_logprobs', type: 'count' },
];

const MESSAGES: TypedField = { name: 'messages', type: 'array' };

export const decodeChat = decodeBy(chat, [...TYPES, MESSAGES]);
export const decodeGenerate = decodeBy(generate, TYPES);

export const decodeEmbed = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => embed, limitsOf: () => ({}) }, asked);

function decodeBy(read: Reader, types: readonly TypedField[]) {
  return (body: Buffer, asked: Asked = {}): Result<RequestMessage, DecodeFault> => {
    const parsed = parseObject(body);
    if (!parsed.ok) return parsed;
    const fault = checkOptions(parsed.value);
    if (fault !== null) return err(fault);
    const decoded = readRequest(body, { types, readerFor: () => read, limitsOf }, asked);
    return decoded.ok ? ok({ ...decoded.value, stream: isStream(parsed.value) }) : decoded;
  };
}

/** Unless it is told not to. */
function isStream(request: JsonObject): boolean {
  const stream = findValue(request, 'stream');
  return !(stream?.kind === 'literal' && stream.value === false);
}

/** Below zero there is no limit, as where none is given. */
function checkOptions(request: JsonObject): DecodeFault | null {
  const given = findValue(request, 'options');
  const predict = given === undefined ? undefined : findValue(given, 'num_predict');
  if (predict === undefined || (predict.kind === 'number' && /^-?\d{1,15}$/.test(predict.raw))) return null;
  return { code: 'request.num_predict_type', offset: predict.start, path: '/options/num_predict' };
}

function limitsOf(request: JsonObject): Limits {
  const given = findValue(request, 'options');
  const most = given === undefined ? undefined : findNumber(given, 'num_predict');
  return most === undefined || most < 0 ? {} : { max_output_tokens: most };
}
