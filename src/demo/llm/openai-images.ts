// A call of OpenAI's images in; pictures of one point, of a colour that is the same for the same words, out.
import { createHash } from 'node:crypto';
import { faultOf, headersOf, requestOf } from './openai-call.ts';
import { countTokens, type Call, type Reply } from './reply.ts';

interface ImageRequest {
  readonly prompt: string;
  readonly n?: number;
}

export function answerImages(call: Call): Reply {
  const fault = faultOf(call, ['prompt']);
  if (fault !== null) return fault;
  const { prompt, n = 1 } = requestOf(call) as ImageRequest;
  const picture = { b64_json: drawPoint(prompt).toString('base64'), revised_prompt: `A point: ${prompt}` };
  const tokens = countTokens(prompt);
  const body = {
    created: Math.floor(Date.now() / 1000),
    data: Array.from({ length: n }, () => picture),
    usage: { input_tokens: tokens, output_tokens: n, total_tokens: tokens + n },
  };
  return { kind: 'json', status: 200, headers: headersOf(call), body };
}

/** A GIF: its smallest form, with two colours to choose from. */
const drawPoint = (prompt: string): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'latin1'),
    createHash('sha256').update(prompt).digest().subarray(0, 6),
    Buffer.from(',\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;', 'latin1'),
  ]);
