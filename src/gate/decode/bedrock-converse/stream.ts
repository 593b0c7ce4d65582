// The events of a streaming answer in; events of the vocabulary that all dialects share out.
import type { Result } from '../../../lib/result.ts';
import { interpretException } from '../bedrock/exception.ts';
import type { DecodeFault, StreamDecoder, StreamEvent } from '../codec.ts';
import { isException, type Frame, type Framing } from '../framing/index.ts';
import { findNumber, findString, type JsonNode, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { count, object, opaque, padding, sealed, text, type Fields, type Reader } from '../read/readers.ts';
import { openDecoder, type EventFacts, type Lanes } from '../read/stream.ts';
import { callArguments } from '../read/tools.ts';
import { parseObject } from '../read/typed.ts';
import { asResult, citation, resultItems, toolResult, toolUse } from './blocks.ts';
import { image } from './media.ts';
import { account, ANSWERING, ending, readUsage, role } from './response.ts';

const fragment: Reader = (node, place, out) => callArguments(node, place, out);

const resultDelta: Reader = (node, place, out) => resultItems(node, asResult(place), out);

const delta = object({
  text: text(),
  toolUse: object({ input: fragment }),
  toolResult: resultDelta,
  reasoningContent: object({ text: sealed('reasoning'), signature: opaque, redactedContent: opaque }),
  citation,
  image,
});

/** By the type of the event, which stands beside its payload. */
const EVENTS: Readonly<Record<string, Fields>> = {
  messageStart: { role },
  contentBlockStart: { contentBlockIndex: count, start: object({ toolUse, toolResult, image }) },
  contentBlockDelta: { contentBlockIndex: count, delta },
  contentBlockStop: { contentBlockIndex: count },
  messageStop: ending,
  metadata: account,
};

const READERS = new Map(
  Object.entries(EVENTS).map(([type, fields]) => [type, object({ ...fields, p: padding })]),
);

export const openStream = (framing: Framing): StreamDecoder =>
  openDecoder(framing, (frame, lanes) =>
    isException(frame) ? interpretException(frame, lanes) : interpret(frame, lanes),
  );

function interpret(event: Frame, lanes: Lanes): Result<StreamEvent, DecodeFault> {
  const parsed = parseObject(event.data);
  if (!parsed.ok) return parsed;
  const out = new Collector(event.data, 'assistant', lanes.memory);
  const read = READERS.get(event.name);
  if (read === undefined) out.addUnknownBlock(parsed.value);
  else read(parsed.value, placeOf(parsed.value), out);
  return lanes.conclude(event, out, describe(event.name, parsed.value));
}

const placeOf = (event: JsonNode): Place => ({
  ...ANSWERING,
  lane: `0.${findNumber(event, 'contentBlockIndex') ?? 0}`,
});

/** What it took is told after the message has ended. */
const TERMINAL = new Set(['messageStop', 'metadata']);

function describe(type: string, event: JsonObject): EventFacts {
  const usage = readUsage(event);
  const reason = findString(event, 'stopReason');
  return {
    isTerminal: TERMINAL.has(type),
    closing: closingOf(type, event),
    ...(reason === undefined ? {} : { finishReasons: [reason] }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
  };
}

function closingOf(type: string, event: JsonObject): readonly string[] {
  if (type === 'messageStop') return ['0.'];
  return type === 'contentBlockStop' ? [`${placeOf(event).lane}.`] : [];
}
