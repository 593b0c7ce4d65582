// What every framing offers: the bytes of a streaming answer in, in any split; whole frames out, and frames back to bytes.
import type { Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';

export interface Frame {
  /** What the framing itself calls it, such as the `event:` line; empty when it does not. */
  readonly name: string;
  readonly data: Buffer;
}

/** After a fault nothing more is to be pushed. */
export interface FrameReader {
  push(chunk: Buffer): Result<Frame[], DecodeFault>;
  /**
   * A last frame that lacks nothing but its end is one: had it been cut, it would not be understood. Faults where the
   * end of the answer itself is missing.
   */
  end(): Result<Frame[], DecodeFault>;
}

/** One spelling for every frame. */
export interface FrameWriter {
  write(frame: Frame): Buffer;
  /** What closes the answer as a whole; nothing is written after it. */
  end(): Buffer;
}

export interface Framing {
  /** Lower case, without parameters. */
  readonly mediaType: string;
  openReader(): FrameReader;
  openWriter(): FrameWriter;
  /** Bytes between two frames that no client takes for one; empty where there are none such. */
  readonly keepAlive: Buffer;
}

/** Of one frame, with all that belongs to it. */
export const FRAME_BYTES = 1_048_576;

export const NOTHING = Buffer.alloc(0);
