// The events of a streaming answer in; events of the vocabulary that all dialects share out.
import { err, type Result } from '../../../lib/result.ts';
import type { DecodeFault, StreamDecoder, StreamEvent } from '../codec.ts';
import type { Frame, Framing } from '../framing/index.ts';
import { findNumber, findString, findValue, type JsonNode, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import { inlined } from '../read/media.ts';
import { named, type Place } from '../read/place.ts';
import {
  byKind,
  id,
  known,
  note,
  object,
  padding,
  plain,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { openDecoder, type EventFacts, type Lanes } from '../read/stream.ts';
import type { Saying } from '../read/told.ts';
import { callArguments } from '../read/tools.ts';
import { parseObject } from '../read/typed.ts';
import { beginCall, repeatCall, type TakeArguments } from './calls.ts';
import { annotation, logprobs, part } from './content.ts';
import { readItem } from './items.ts';
import { ANSWERING, answerFields, listFinishes, readUsage } from './response.ts';

const DONE = Buffer.from('[DONE]');

const begun = readItem({ take: beginCall, tools: note });
const ended = readItem({ take: repeatCall, tools: note });

const answer: Fields = { response: object(answerFields(ended)) };

const ofCall =
  (take: TakeArguments): Reader =>
  (node, place, out) =>
    take(node, place, out);

const fragment: Fields = { delta: ofCall(callArguments) };

const whole = (field: string): Fields => ({ [field]: ofCall(repeatCall), name: note });

const reasoning = text('reasoning');
const summary = text('reasoning', 'summary');

/** What each event brings, beside where it belongs. */
const PIECES: Readonly<Record<string, Fields>> = {
  'response.output_item.added': { item: begun },
  'response.content_part.added': { part },
  'response.output_text.delta': { delta: text(), logprobs },
  'response.refusal.delta': { delta: text('refusal') },
  'response.reasoning_text.delta': { delta: reasoning },
  'response.reasoning_summary_part.added': { part },
  'response.reasoning_summary_text.delta': { delta: summary },
  'response.function_call_arguments.delta': fragment,
  'response.custom_tool_call_input.delta': fragment,
  'response.mcp_call_arguments.delta': fragment,
  'response.code_interpreter_call_code.delta': fragment,
};

/** Said before, most of it: clients take the last they hear, so all of it must be the same. */
const WHOLES: Readonly<Record<string, Fields>> = {
  'response.created': answer,
  'response.in_progress': answer,
  'response.queued': answer,
  'response.completed': answer,
  'response.incomplete': answer,
  'response.failed': answer,
  'response.output_item.done': { item: ended },
  'response.content_part.done': { part },
  'response.output_text.done': { text: text(), logprobs },
  'response.output_text.annotation.added': { annotation, annotation_index: plain },
  'response.refusal.done': { refusal: text('refusal') },
  'response.reasoning_text.done': { text: reasoning },
  'response.reasoning_summary_part.done': { part },
  'response.reasoning_summary_text.done': { text: summary },
  'response.function_call_arguments.done': whole('arguments'),
  'response.custom_tool_call_input.done': whole('input'),
  'response.mcp_call_arguments.done': whole('arguments'),
  'response.code_interpreter_call_code.done': whole('code'),
  'response.image_generation_call.partial_image': {
    partial_image_b64: inlined('image/*'),
    partial_image_index: plain,
    background: note,
    output_format: note,
    quality: note,
    size: note,
  },
  error: {
    code: note,
    message: note,
    param: note,
    error: byKind({ string: note, object: object({ message: note, type: note, param: note, code: note }) }),
  },
};

/** Words about the progress of the provider's tools. */
const PROGRESS = [
  ...['in_progress', 'searching', 'completed'].flatMap((word) => [
    `web_search_call.${word}`,
    `file_search_call.${word}`,
  ]),
  ...['in_progress', 'interpreting', 'completed'].map((word) => `code_interpreter_call.${word}`),
  ...['in_progress', 'generating', 'completed'].map((word) => `image_generation_call.${word}`),
  ...['in_progress', 'completed', 'failed'].flatMap((word) => [`mcp_call.${word}`, `mcp_list_tools.${word}`]),
].map((name) => [`response.${name}`, {}] as const);

const COMMON: Fields = {
  type: known,
  sequence_number: plain,
  output_index: plain,
  content_index: plain,
  summary_index: plain,
  item_id: id,
  status: note,
  obfuscation: padding,
};

interface EventReader {
  readonly read: Reader;
  readonly saying: Saying;
}

const readersFor = (
  events: Iterable<readonly [string, Fields]>,
  saying: Saying,
): (readonly [string, EventReader])[] =>
  Array.from(events, ([type, fields]) => [type, { read: object({ ...COMMON, ...fields }), saying }]);

const READERS: ReadonlyMap<string, EventReader> = new Map([
  ...readersFor(Object.entries(PIECES), 'piece'),
  ...readersFor(Object.entries(WHOLES), 'whole'),
  ...readersFor(PROGRESS, 'whole'),
]);

export const openStream = (framing: Framing): StreamDecoder => openDecoder(framing, interpret);

function interpret(event: Frame, lanes: Lanes): Result<StreamEvent, DecodeFault> {
  const out = new Collector(event.data, 'assistant', lanes.memory);
  // No event of this dialect, but some servers close every stream with it.
  if (event.name === '' && event.data.equals(DONE))
    return lanes.conclude(event, out, { isTerminal: true, closing: [''] });
  const parsed = parseObject(event.data);
  if (!parsed.ok) return parsed;
  const type = findString(parsed.value, 'type');
  if (type !== event.name) return err({ code: 'stream.event_type', path: '/type' });
  const reader = READERS.get(type);
  if (reader === undefined) out.addUnknownBlock(parsed.value);
  else reader.read(parsed.value, placeOf(parsed.value), out);
  return lanes.conclude(event, out, { ...describe(type, parsed.value), saying: reader?.saying ?? 'whole' });
}

const blockOf = (event: JsonNode): number => findNumber(event, 'output_index') ?? 0;

function placeOf(event: JsonNode): Place {
  const index = findNumber(event, 'content_index') ?? findNumber(event, 'summary_index') ?? 0;
  return named({ ...ANSWERING, lane: `${blockOf(event)}.${index}` }, findString(event, 'name'));
}

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error']);

function describe(type: string, event: JsonObject): EventFacts {
  const isTerminal = TERMINAL.has(type);
  const facts = { isTerminal, closing: isTerminal ? [''] : closingOf(type, event) };
  const said = findValue(event, 'response');
  if (said === undefined) return facts;
  const usage = readUsage(said);
  const model = findString(said, 'model');
  return {
    ...facts,
    ...(isTerminal ? { finishReasons: listFinishes(said) } : {}),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(model === undefined ? {} : { model }),
  };
}

/** The last piece of a text is known by its repetition. */
const ENDED: Readonly<Record<string, string>> = {
  'response.output_text.done': 'text',
  'response.refusal.done': 'refusal',
  'response.reasoning_text.done': 'reasoning',
  'response.reasoning_summary_text.done': 'summary',
};

function closingOf(type: string, event: JsonObject): readonly string[] {
  if (type === 'response.output_item.done') return [`${blockOf(event)}.`];
  const segment = ENDED[type];
  return segment === undefined ? [] : [`${placeOf(event).lane}.${segment}`];
}
