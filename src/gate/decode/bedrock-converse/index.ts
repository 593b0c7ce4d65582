// Bedrock's converse, whole and streamed: one shape for the models of every maker.
import type { Codec } from '../codec.ts';
import { encode } from './encode.ts';
import { pinSystem } from './pin-system.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse } from './response.ts';
import { openStream } from './stream.ts';

export const bedrockConverse: Codec = { decodeRequest, decodeResponse, openStream, pinSystem, encode };
