// The lines of a streaming answer in, each a piece of it; events of the vocabulary that all dialects share out.
import type { Part } from '../../../exchange/index.ts';
import { err, ok } from '../../../lib/result.ts';
import type { Codec, StreamEvent } from '../codec.ts';
import { findString, findValue, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Reader } from '../read/readers.ts';
import { openDecoder, type EventFacts } from '../read/stream.ts';
import { parseObject } from '../read/typed.ts';
import { hasContext, PLACE, readUsage } from './response.ts';

const TEXT = `${PLACE.lane}.text`;

/** Calls are told whole, each in a block of its own behind those of earlier lines. */
export const openStreamOf =
  (read: Reader): Codec['openStream'] =>
  (framing) => {
    let blocks = 0;
    let told = '';
    return openDecoder(framing, (event, lanes) => {
      const parsed = parseObject(event.data);
      if (!parsed.ok) return parsed;
      if (event.name !== '') return err({ code: 'stream.event_name' });
      const out = new Collector(event.data, 'assistant');
      read(parsed.value, { ...PLACE, lane: `0.${blocks}` }, out);
      const parts = out.parts.map(inOneText);
      out.parts.splice(0, parts.length, ...parts);
      blocks += parts.filter(isCall).length;
      told += parts.flatMap(({ lane, text }) => (lane === TEXT ? [text] : [])).join('');
      const concluded = lanes.conclude(event, out, describe(parsed.value, parts));
      return concluded.ok && hasContext(parsed.value) ? ok(repeating(concluded.value, told)) : concluded;
    });
  };

const isCall = ({ kind }: Part): boolean => kind === 'tool_call';

/** Clients join what comes in one field over all lines. */
const inOneText = (part: Part): Part =>
  isCall(part) || !part.lane.includes('.') ? part : { ...part, lane: part.lane.replace(/^0\.\d+/, '0.0') };

/** Tokens that say it all again, and cannot be masked. */
const repeating = (event: StreamEvent, text: string): StreamEvent => ({
  ...event,
  deltas: [
    ...event.deltas,
    { role: PLACE.role, origin: PLACE.origin, kind: 'text', lane: TEXT, text, at: null, again: 0 },
  ],
});

function describe(line: JsonObject, parts: readonly Part[]): EventFacts {
  const reason = findString(line, 'done_reason');
  const usage = readUsage(line);
  const model = findString(line, 'model');
  const isLast = isDone(line) || findValue(line, 'error') !== undefined;
  return {
    isTerminal: isLast,
    closing: isLast ? [''] : parts.filter(isCall).map(({ lane }) => lane),
    ...(reason === undefined ? {} : { finishReasons: [reason] }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(model === undefined ? {} : { model }),
  };
}

function isDone(line: JsonObject): boolean {
  const done = findValue(line, 'done');
  return done?.kind === 'literal' && done.value === true;
}
