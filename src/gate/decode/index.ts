// Bodies and streams of the providers' dialects to messages in one vocabulary, and refusals back.
export type {
  Asked,
  Codec,
  DecodeFault,
  Delta,
  Enclosed,
  Encoder,
  ErrorRefusal,
  StreamDecoder,
  StreamEvent,
  StreamTail,
} from './codec.ts';
export { codecOf, encoderOf } from './codecs.ts';
export { describeFault } from './fault.ts';
export { FRAMINGS, framingOf, writeFrames } from './framing/index.ts';
export type { Frame, FrameWriter, Framing } from './framing/index.ts';
export { boundaryOf } from './multipart.ts';
export { encodeString, spliceEdits } from './json/index.ts';
export { findOperation, listOtherQueries, OPERATIONS } from './registry.ts';
