// The chunks of a streaming completion in; events of the vocabulary that all dialects share out.
import { err, type Result } from '../../../lib/result.ts';
import type { DecodeFault, StreamDecoder, StreamEvent } from '../codec.ts';
import type { Frame, Framing } from '../framing/index.ts';
import { findString, findValue, isNull, itemsOf, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Reader } from '../read/readers.ts';
import { openDecoder, type EventFacts, type Lanes } from '../read/stream.ts';
import { parseObject } from '../read/typed.ts';
import { ANSWERING, listFinishes, readUsage } from './answer.ts';

export const DONE = Buffer.from('[DONE]');

export const chunksOf =
  (readChunk: Reader) =>
  (framing: Framing): StreamDecoder =>
    openDecoder(framing, (event, lanes) => interpret(event, lanes, readChunk));

function interpret(event: Frame, lanes: Lanes, readChunk: Reader): Result<StreamEvent, DecodeFault> {
  // Nothing has a name here but errors; clients skip names they do not know, and with them what was judged.
  if (event.name !== '' && event.name !== 'error') return err({ code: 'stream.event_name' });
  const out = new Collector(event.data, 'assistant', lanes.memory);
  if (event.data.equals(DONE)) return lanes.conclude(event, out, { isTerminal: true, closing: [''] });
  const parsed = parseObject(event.data);
  if (!parsed.ok) return parsed;
  readChunk(parsed.value, ANSWERING, out);
  return lanes.conclude(event, out, describe(parsed.value));
}

function describe(chunk: JsonObject): EventFacts {
  const finishes = listFinishes(chunk);
  const usage = readUsage(chunk);
  const model = findString(chunk, 'model');
  return {
    isTerminal: finishes.length > 0 || isLast(chunk),
    closing: finishes.map(({ choice }) => `${choice}.`),
    ...(finishes.length === 0 ? {} : { finishReasons: finishes.map(({ reason }) => reason) }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(model === undefined ? {} : { model }),
  };
}

/** The usage that comes after all choices, or an error in their place. */
function isLast(chunk: JsonObject): boolean {
  if (findValue(chunk, 'error') !== undefined) return true;
  const usage = findValue(chunk, 'usage');
  return usage !== undefined && !isNull(usage) && itemsOf(findValue(chunk, 'choices')).length === 0;
}
