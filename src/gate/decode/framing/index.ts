// The framings of streaming answers: which operation speaks in which.
import type { FramingName, Operation } from '../../../exchange/index.ts';
import { chunks } from './chunks.ts';
import { eventstream } from './eventstream.ts';
import type { Frame, Framing } from './framing.ts';
import { jsonArray } from './json-array.ts';
import { ndjson } from './ndjson.ts';
import { sse } from './sse.ts';

export { isException } from './eventstream-message.ts';
export type { Frame, FrameWriter, Framing } from './framing.ts';

export const FRAMINGS: Readonly<Record<FramingName, Framing>> = {
  sse,
  ndjson,
  json_array: jsonArray,
  eventstream,
  chunks,
};

/** A whole answer: bytes for each frame, and those that end it. */
export function writeFrames(framing: Framing, frames: readonly Frame[]): readonly Buffer[] {
  const writer = framing.openWriter();
  return [...frames.map((frame) => writer.write(frame)), writer.end()].filter(({ length }) => length > 0);
}

export const framingOf = ({ framing }: Pick<Operation, 'framing'>): Framing => FRAMINGS[framing ?? 'sse'];
