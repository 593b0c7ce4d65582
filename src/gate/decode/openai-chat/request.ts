// The body of a chat completion request in; what it says, in the words of every dialect, out.
import type { Limits, Origin, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, itemsOf, type JsonNode, type JsonObject } from '../json/index.ts';
import type { Collector } from '../read/collector.ts';
import { named } from '../read/place.ts';
import {
  byKind,
  id,
  known,
  list,
  map,
  note,
  object,
  oneOf,
  plain,
  reference,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { chatting, sampling } from '../openai/added.ts';
import { addTool } from '../read/tools.ts';
import { originOf, readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';
import { functionCall, toolCalls } from './calls.ts';
import { spoken } from './fields.ts';
import { dataSources } from './own-data.ts';

export const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string', isRequired: true },
  { name: 'messages', type: 'array', isRequired: true },
  { name: 'stream', type: 'boolean' },
  { name: 'store', type: 'boolean' },
  { name: 'n', type: 'count' },
  { name: 'max_tokens', type: 'count' },
  { name: 'max_completion_tokens', type: 'count' },
  { name: 'top_logprobs', type: 'count' },
];

const ORIGINS: Readonly<Record<string, Origin>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};

const turn = object({
  ...spoken,
  name: note,
  audio: object({ id: reference('audio') }),
  tool_calls: toolCalls,
  tool_call_id: id,
  function_call: functionCall,
});

/** Each turn stands by itself: its role says whose words all of it is. */
export const turnsOf =
  (read: Reader): Reader =>
  (node, place, out) => {
    for (const [index, item] of itemsOf(node).entries()) {
      const role = findString(item, 'role') ?? '';
      const origin = originOf(role, ORIGINS);
      const lane = `${index}.0`;
      const there = { ...place, turn: index, role, origin, lane } as const;
      if (origin !== 'tool') read(item, there, out);
      else read(item, named({ ...there, kind: 'tool_result' }, answeringTool(item, out)), out);
    }
  };

const answeringTool = (node: JsonNode, out: Collector): string | undefined =>
  findString(node, 'name') ?? out.toolNames.get(findString(node, 'tool_call_id') ?? '');

/** A tool of a type that is not known is hosted by the provider; the type is its name. */
export const tool: Reader = (node, _place, out) => {
  const type = findString(node, 'type') ?? 'function';
  const core = findValue(node, 'function') ?? findValue(node, 'custom') ?? node;
  const kind = type === 'custom' ? 'function' : type;
  addTool({ entry: node, core, name: findString(core, 'name') ?? type, kind }, out);
};

const webSearch: Reader = (node, _place, out) =>
  addTool({ entry: node, core: node, name: 'web_search', kind: 'web_search' }, out);

/** Kept by the provider: what is said now can be read back later. */
const stored: Reader = (node, place, out) => {
  if (node.kind === 'literal' && node.value === true) out.addReference('store', 'true', place.origin);
};

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

const FIELDS: Fields = {
  ...sampling,
  ...chatting,
  messages: turnsOf(turn),
  data_sources: dataSources,
  model: note,
  stream: known,
  stream_options: object({ include_usage: plain, include_obfuscation: plain }),
  tools: list(tool),
  functions: list(tool),
  tool_choice: byKind({ string: oneOf('none', 'auto', 'required'), object: note }),
  function_call: byKind({ string: oneOf('none', 'auto'), object: note }),
  web_search_options: webSearch,
  store: stored,
  n: known,
  max_tokens: known,
  max_completion_tokens: known,
  top_logprobs: known,
  temperature: plain,
  top_p: plain,
  frequency_penalty: plain,
  presence_penalty: plain,
  seed: plain,
  logprobs: plain,
  parallel_tool_calls: plain,
  logit_bias: map(plain, /^\d{1,7}$/),
  modalities: list(oneOf('text', 'audio')),
  audio: object({ format: oneOf('wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16'), voice: note }),
  reasoning_effort: oneOf(...EFFORTS),
  verbosity: oneOf('low', 'medium', 'high'),
  service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority'),
  prompt_cache_retention: oneOf('in_memory', 'in-memory', '24h'),
  prompt_cache_options: object({ mode: oneOf('implicit', 'explicit'), ttl: oneOf('30m') }),
  prompt_cache_key: note,
  safety_identifier: note,
  user: note,
  metadata: map(note),
  stop: byKind({ string: note, array: list(note) }),
  response_format: note,
  prediction: note,
  moderation: note,
};

const reader = object(FIELDS);

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf }, asked);

export function limitsOf(request: JsonObject): Limits {
  const ceilings = ['max_completion_tokens', 'max_tokens'].flatMap((name) => findNumber(request, name) ?? []);
  const n = findNumber(request, 'n');
  return {
    // Where both are given, which of them counts is the upstream's to say.
    ...(ceilings.length === 0 ? {} : { max_output_tokens: Math.max(...ceilings) }),
    ...(n === undefined ? {} : { n }),
  };
}
