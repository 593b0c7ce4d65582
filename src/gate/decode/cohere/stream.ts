// The events of a streaming answer of Cohere's in; events of the vocabulary that all dialects share out.
import { err, type Result } from '../../../lib/result.ts';
import type { Codec, DecodeFault, StreamEvent } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { findNumber, findString, findValue, type JsonNode, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import { named, type Place } from '../read/place.ts';
import {
  counts,
  id,
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
import { openDecoder, type EventFacts, type Lanes } from '../read/stream.ts';
import { callArguments } from '../read/tools.ts';
import { parseObject } from '../read/typed.ts';
import { answerId, citation, logprob, plan, reason } from './fields.ts';
import { ANSWERING, readUsage } from './response.ts';

const readCalled = object({ name: note, arguments: known });

const called: Reader = unlessNull((node, place, out) => {
  readCalled(node, place, out);
  callArguments(findValue(node, 'arguments'), named(place, findString(node, 'name')), out);
});

const content = object({ type: oneOf('text', 'thinking'), text: text(), thinking: text('reasoning') });
const call = object({ id, type: oneOf('function'), function: called });

const inMessage = (fields: Fields): Fields => ({ delta: object({ message: object(fields) }) });

const EVENTS: Readonly<Record<string, Fields>> = {
  'message-start': {
    id: answerId,
    ...inMessage({
      role: oneOf('assistant'),
      content: list(note),
      tool_plan: plan,
      tool_calls: list(note),
      citations: list(note),
    }),
  },
  'content-start': inMessage({ content }),
  'content-delta': { ...inMessage({ content }), logprobs: logprob },
  'content-end': {},
  'tool-plan-delta': inMessage({ tool_plan: plan }),
  'tool-call-start': inMessage({ tool_calls: call }),
  'tool-call-delta': inMessage({ tool_calls: call }),
  'tool-call-end': {},
  'citation-start': inMessage({ citations: citation }),
  'citation-end': {},
  'message-end': {
    id: answerId,
    delta: object({ finish_reason: reason, usage: counts(), error: note }),
  },
};

const READERS = new Map(
  Object.entries(EVENTS).map(([name, fields]) => [name, object({ type: known, index: plain, ...fields })]),
);

/** Contents, calls and citations are each counted by themselves. */
const placeOf = (type: string, event: JsonNode): Place => {
  const index = findNumber(event, 'index') ?? 0;
  if (type.startsWith('tool-call')) return { ...ANSWERING, lane: `0.call${index}` };
  return { ...ANSWERING, lane: type.startsWith('citation') ? `0.cited${index}` : `0.${index}` };
};

function interpret(frame: Frame, lanes: Lanes): Result<StreamEvent, DecodeFault> {
  const parsed = parseObject(frame.data);
  if (!parsed.ok) return parsed;
  const type = findString(parsed.value, 'type') ?? '';
  if (frame.name !== '' && frame.name !== type) return err({ code: 'stream.event_type', path: '/type' });
  const out = new Collector(frame.data, 'assistant', lanes.memory);
  const read = READERS.get(type);
  const place = placeOf(type, parsed.value);
  if (read === undefined) out.addUnknownBlock(parsed.value);
  else read(parsed.value, place, out);
  return lanes.conclude(frame, out, describe(type, parsed.value, place));
}

function describe(type: string, event: JsonObject, { lane }: Place): EventFacts {
  const delta = findValue(event, 'delta');
  const finish = delta === undefined ? undefined : findString(delta, 'finish_reason');
  const usage = delta === undefined ? {} : readUsage(delta);
  return {
    isTerminal: type === 'message-end',
    closing:
      type === 'message-end' ? [''] : /^(?:content|tool-call|citation)-end$/.test(type) ? [`${lane}.`] : [],
    ...(finish === undefined ? {} : { finishReasons: [finish] }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
  };
}

export const openStream: Codec['openStream'] = (framing) => openDecoder(framing, interpret);
