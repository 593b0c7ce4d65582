// The body of a converse request in; what it says, in the words of every dialect, out. The model stands in the path.
import type { Limits, Origin, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import { tool as anthropicTool } from '../anthropic-messages/tools.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, isNull, itemsOf, type JsonObject } from '../json/index.ts';
import {
  blocks,
  count,
  known,
  list,
  map,
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
import type { TypedField } from '../read/typed.ts';
import { cachePoint, content, guardContent } from './blocks.ts';
import { performanceConfig, serviceTier } from './settings.ts';
import { toolConfig } from './tools.ts';

/** A stored prompt, named as the model, brings its messages itself. */
const TYPES: readonly TypedField[] = [{ name: 'messages', type: 'array' }];

const ORIGINS: Readonly<Record<string, Origin>> = {
  system: 'system',
  user: 'user',
  assistant: 'assistant',
};

const turn = object({ role: oneOf('system', 'user', 'assistant'), content });

const systemBlocks = blocks(object({ text: text(), guardContent, cachePoint }));

/** The system instruction is the first turn where there is one. */
const system: Reader = (node, place, out) =>
  systemBlocks(node, { ...place, turn: 0, role: 'system', origin: 'system', lane: '0.0' }, out);

const turnsFrom =
  (first: number): Reader =>
  (node, place, out) => {
    for (const [position, item] of itemsOf(node).entries()) {
      const role = findString(item, 'role') ?? '';
      const index = first + position;
      turn(item, { ...place, turn: index, role, origin: originOf(role, ORIGINS), lane: `${index}.0` }, out);
    }
  };

const inferenceConfig = object({
  maxTokens: count,
  temperature: plain,
  topP: plain,
  stopSequences: list(note),
});

const guardrailConfig = object({
  guardrailIdentifier: note,
  guardrailVersion: note,
  trace: oneOf('enabled', 'disabled', 'enabled_full'),
  streamProcessingMode: oneOf('sync', 'async'),
});

/** Goes to the model as it is. What is known of it here is known to be no words of the conversation. */
const additionalModelRequestFields = object({
  tools: list(anthropicTool),
  anthropic_beta: list(note),
  thinking: note,
  reasoning_config: note,
  reasoningConfig: note,
  reasoning_effort: note,
  output_config: note,
  inferenceConfig: object({ topK: plain }),
  top_k: plain,
  topK: plain,
});

const variable = object({ text: text() });

/** What is put into a stored prompt is said by the user; each of its places is a lane. */
const promptVariables: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'object') return out.addUnknown(node);
  for (const [index, { key, value }] of node.members.entries()) {
    out.note(key);
    variable(value, { ...place, turn: 0, role: 'user', lane: `variable.${index}` }, out);
  }
});

const FIELDS: Fields = {
  inferenceConfig,
  toolConfig,
  guardrailConfig,
  additionalModelRequestFields,
  promptVariables,
  additionalModelResponseFieldPaths: list(note),
  requestMetadata: map(note),
  performanceConfig,
  serviceTier,
  outputConfig: object({ textFormat: note, effort: note }),
};

const readWithSystem = object({ ...FIELDS, system, messages: turnsFrom(1) });
const readWithout = object({ ...FIELDS, system: known, messages: turnsFrom(0) });

export const decodeRequest = (body: Buffer, asked: Asked = {}): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: (request) => readerFor(request, asked), limitsOf }, asked);

const PROMPT = /^arn:[^/]*:prompt\//;

function readerFor(request: JsonObject, { model = '' }: Asked): Reader {
  const read = hasSystem(request) ? readWithSystem : readWithout;
  if (!PROMPT.test(model)) return read;
  return (node, place, out) => {
    out.addReference('prompt', model, place.origin);
    read(node, place, out);
  };
}

function hasSystem(request: JsonObject): boolean {
  const value = findValue(request, 'system');
  return value !== undefined && !isNull(value);
}

function limitsOf(request: JsonObject): Limits {
  const config = findValue(request, 'inferenceConfig');
  const most = config === undefined ? undefined : findNumber(config, 'maxTokens');
  return most === undefined ? {} : { max_output_tokens: most };
}
