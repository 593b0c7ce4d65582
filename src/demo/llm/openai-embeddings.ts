// A call of OpenAI's embeddings in; vectors that are the same for the same text, as numbers or as base64, out.
import { createHash } from 'node:crypto';
import { faultOf, headersOf, requestOf } from './openai-call.ts';
import { countTokens, type Call, type Reply } from './reply.ts';

interface EmbeddingsRequest {
  readonly model: string;
  readonly input: string | readonly string[];
  readonly encoding_format?: 'float' | 'base64';
}

export function answerEmbeddings(call: Call): Reply {
  const fault = faultOf(call, ['model', 'input']);
  if (fault !== null) return fault;
  const { model, input, encoding_format: format = 'float' } = requestOf(call) as EmbeddingsRequest;
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = countTokens(texts.join(''));
  const data = texts.map((text, index) => {
    const vector = embed(text);
    return {
      object: 'embedding',
      index,
      embedding: format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector],
    };
  });
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return {
    kind: 'json',
    status: 200,
    headers: headersOf(call),
    body: { object: 'list', data, model, usage },
  };
}

/** Near each other are only texts that are the same. */
const embed = (text: string): Float32Array =>
  Float32Array.from(createHash('sha256').update(text).digest().subarray(0, 8), (byte) => byte / 128 - 1);
