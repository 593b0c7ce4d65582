// MCP over HTTP: calls of tools, their results, and the definitions of tools, which policies may pin.
import type { Codec } from '../codec.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeResponse } from './answer.ts';
import { encode } from './encode.ts';
import { decodeRequest } from './request.ts';
import { openStream } from './stream.ts';

export const mcp: Codec = { decodeRequest, decodeResponse, openStream, pinSystem: pinNowhere, encode };
