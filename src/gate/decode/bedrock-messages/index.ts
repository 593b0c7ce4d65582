// Anthropic's messages as Bedrock invokes them: its own bodies and events, AWS's errors.
import type { ResponseMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import { encode as encodeMessages } from '../anthropic-messages/encode.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { interpret } from '../anthropic-messages/stream.ts';
import { error, errorName } from '../bedrock/error.ts';
import { decodeException, interpretException } from '../bedrock/exception.ts';
import type { Codec, DecodeFault, Encoder } from '../codec.ts';
import { isException } from '../framing/index.ts';
import { findValue } from '../json/index.ts';
import { openDecoder } from '../read/stream.ts';
import { parseObject } from '../read/typed.ts';

function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const isMessage = findValue(parsed.value, 'content') !== undefined;
  return isMessage ? anthropicMessages.decodeResponse(body) : decodeException(body, parsed.value);
}

/** No sign of life: whoever reads the stream without Anthropic's SDK takes each chunk for a part of the answer. */
const encode: Encoder = {
  error,
  errorName,
  answer: (refusal) => encodeMessages.answer(refusal),
  openTail: () => encodeMessages.openTail(),
};

export const bedrockMessages: Codec = {
  ...anthropicMessages,
  decodeResponse,
  openStream: (framing) =>
    openDecoder(framing, (frame, lanes) =>
      isException(frame) ? interpretException(frame, lanes) : interpret(frame, lanes),
    ),
  encode,
};
