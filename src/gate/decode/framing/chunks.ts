// An AWS event stream whose chunks hold events of a model's own dialect, in base64, in; those events as frames out, and back.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';
import { findString, parseJson, type JsonNode } from '../json/index.ts';
import { isException, writeMessage } from './eventstream-message.ts';
import { eventstream } from './eventstream.ts';
import { NOTHING, type Frame, type FrameReader, type Framing } from './framing.ts';

const CHUNK = 'chunk';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Hides how long the event is. */
const PADDING = /^[A-Za-z0-9]{0,64}$/;

class ChunkReader implements FrameReader {
  readonly #messages = eventstream.openReader();

  push(chunk: Buffer): Result<Frame[], DecodeFault> {
    return unwrapAll(this.#messages.push(chunk));
  }

  end(): Result<Frame[], DecodeFault> {
    return unwrapAll(this.#messages.end());
  }
}

function unwrapAll(read: Result<Frame[], DecodeFault>): Result<Frame[], DecodeFault> {
  if (!read.ok) return read;
  const frames: Frame[] = [];
  for (const message of read.value) {
    const frame = isException(message) ? ok(message) : unwrap(message);
    if (!frame.ok) return frame;
    frames.push(frame.value);
  }
  return ok(frames);
}

/** Named by what it says that it is. */
function unwrap({ name, data }: Frame): Result<Frame, DecodeFault> {
  if (name !== CHUNK) return err({ code: 'chunks.event' });
  const parsed = parseJson(data);
  if (!parsed.ok) return parsed;
  const bytes = bytesOf(parsed.value);
  if (bytes === null) return err({ code: 'chunks.fields' });
  const event = parseJson(bytes);
  return event.ok ? ok({ name: findString(event.value, 'type') ?? '', data: bytes }) : event;
}

/** Null for anything but bytes, and padding beside them. */
function bytesOf(chunk: JsonNode): Buffer | null {
  if (chunk.kind !== 'object' || chunk.members.length > 2) return null;
  const [bytes, padding = ''] = [findString(chunk, 'bytes'), findString(chunk, 'p')];
  const isWhole = chunk.members.every(({ key }) => key.value === 'bytes' || key.value === 'p');
  if (bytes === undefined || !isWhole || !BASE64.test(bytes) || !PADDING.test(padding)) return null;
  return Buffer.from(bytes, 'base64');
}

const wrap = (frame: Frame): Frame =>
  isException(frame)
    ? frame
    : { name: CHUNK, data: Buffer.from(`{"bytes":"${frame.data.toString('base64')}"}`) };

export const chunks: Framing = {
  mediaType: eventstream.mediaType,
  openReader: () => new ChunkReader(),
  openWriter: () => ({ write: (frame) => writeMessage(wrap(frame)), end: () => NOTHING }),
  keepAlive: NOTHING,
};
