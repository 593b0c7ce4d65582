// The events of a streaming answer in; events of the vocabulary that all dialects share out.
import { err, type Result } from '../../../lib/result.ts';
import type { DecodeFault, StreamDecoder, StreamEvent } from '../codec.ts';
import type { Frame, Framing } from '../framing/index.ts';
import { findNumber, findString, findValue, type JsonNode, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import {
  counts,
  id,
  known,
  object,
  opaque,
  plain,
  sealed,
  tagged,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { openDecoder, type EventFacts, type Lanes } from '../read/stream.ts';
import { callArguments } from '../read/tools.ts';
import { parseObject } from '../read/typed.ts';
import { error } from './answer.ts';
import { block } from './blocks.ts';
import { ANSWERING, ending, managed, message, readUsage } from './response.ts';
import { citation } from './sources.ts';

const fragment: Reader = (node, place, out) => callArguments(node, place, out);

const delta = tagged({
  text_delta: { text: text() },
  input_json_delta: { partial_json: fragment },
  thinking_delta: { thinking: sealed('reasoning'), estimated_tokens: plain },
  signature_delta: { signature: opaque },
  citations_delta: { citation },
  compaction_delta: { content: sealed('text'), encrypted_content: opaque },
});

/** `event` line and `type` agree, or clients would differ in what they read. */
const EVENTS: Readonly<Record<string, Fields>> = {
  message_start: { message },
  content_block_start: { index: plain, content_block: block },
  content_block_delta: { index: plain, delta },
  content_block_stop: { index: plain },
  message_delta: { delta: object(ending), ...managed },
  // Bedrock counts what it bills.
  message_stop: { 'amazon-bedrock-invocationMetrics': counts() },
  ping: {},
  error: { error, request_id: id },
};

const READERS = new Map(
  Object.entries(EVENTS).map(([name, fields]) => [name, object({ type: known, ...fields })]),
);

export const openStream = (framing: Framing): StreamDecoder => openDecoder(framing, interpret);

export function interpret(event: Frame, lanes: Lanes): Result<StreamEvent, DecodeFault> {
  const parsed = parseObject(event.data);
  if (!parsed.ok) return parsed;
  const type = findString(parsed.value, 'type');
  if (type !== event.name) return err({ code: 'stream.event_type', path: '/type' });
  const out = new Collector(event.data, 'assistant', lanes.memory);
  const read = READERS.get(type);
  if (read === undefined) out.addUnknownBlock(parsed.value);
  else read(parsed.value, placeOf(parsed.value), out);
  return lanes.conclude(event, out, describe(type, parsed.value));
}

const placeOf = (event: JsonNode): Place => ({ ...ANSWERING, lane: `0.${findNumber(event, 'index') ?? 0}` });

const TERMINAL = new Set(['message_delta', 'message_stop', 'error']);

function describe(type: string, event: JsonObject): EventFacts {
  const said = type === 'message_start' ? (findValue(event, 'message') ?? event) : event;
  const usage = readUsage(said);
  const model = findString(said, 'model');
  const reason = stopReason(event);
  return {
    isTerminal: TERMINAL.has(type),
    closing: closingOf(type, event),
    ...(reason === undefined ? {} : { finishReasons: [reason] }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(model === undefined ? {} : { model }),
  };
}

function stopReason(event: JsonObject): string | undefined {
  const change = findValue(event, 'delta');
  return change === undefined ? undefined : findString(change, 'stop_reason');
}

function closingOf(type: string, event: JsonObject): readonly string[] {
  if (type === 'message_stop') return [''];
  return type === 'content_block_stop' ? [`${placeOf(event).lane}.`] : [];
}
