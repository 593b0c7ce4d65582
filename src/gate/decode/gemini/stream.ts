// The chunks of a streaming answer in, each an answer of its own; events of the vocabulary that all dialects share out.
import { err, type Result } from '../../../lib/result.ts';
import type { DecodeFault, StreamDecoder, StreamEvent } from '../codec.ts';
import type { Frame, Framing } from '../framing/index.ts';
import type { JsonObject } from '../json/index.ts';
import type { Part } from '../../../exchange/index.ts';
import { Collector } from '../read/collector.ts';
import { openDecoder, type EventFacts, type Lanes } from '../read/stream.ts';
import { parseObject } from '../read/typed.ts';
import { countParts } from './candidates.ts';
import { findField, findText } from './proto.ts';
import { ANSWERING, listReasons, readAnswer, readUsage } from './response.ts';

export function openStream(framing: Framing): StreamDecoder {
  let blocks = 0;
  return openDecoder(framing, (event, lanes) => {
    const parsed = parseObject(event.data);
    if (!parsed.ok) return parsed;
    const first = blocks;
    blocks += countParts(parsed.value);
    return interpret({ event, chunk: parsed.value, first }, lanes);
  });
}

interface Chunk {
  readonly event: Frame;
  readonly chunk: JsonObject;
  /** Parts that came before: those of this chunk are blocks of their own. */
  readonly first: number;
}

function interpret({ event, chunk, first }: Chunk, lanes: Lanes): Result<StreamEvent, DecodeFault> {
  // This dialect names no event; clients skip those that have a name, and with them what was judged.
  if (event.name !== '') return err({ code: 'stream.event_name' });
  const out = new Collector(event.data, 'assistant');
  readAnswer(chunk, { ...ANSWERING, lane: String(first) }, out);
  return lanes.conclude(event, out, describe(chunk, out));
}

function describe(chunk: JsonObject, { parts, signedLanes }: Collector): EventFacts {
  const finishReasons = listReasons(chunk);
  const usage = readUsage(chunk);
  const model = findText(chunk, 'modelVersion');
  return {
    isTerminal: finishReasons.length > 0 || findField(chunk, 'error') !== undefined,
    closing: parts.filter(isWhole).map(({ lane }) => lane),
    ...(finishReasons.length === 0 ? {} : { finishReasons }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(model === undefined ? {} : { model }),
    ...(signedLanes.length === 0 ? {} : { signs: signedLanes }),
  };
}

/** Calls and results are never cut in pieces. */
const isWhole = ({ kind }: Part): boolean => kind === 'tool_call' || kind === 'tool_result';
