// Operations of the providers that Postern knows of and refuses, and why. That they are refused is asked, not claimed.
import type { Provider } from '../../../src/exchange/index.ts';
import { findOperation } from '../../../src/gate/decode/index.ts';

interface Refused {
  readonly provider: Provider;
  readonly method: string;
  readonly path: string;
  readonly why: string;
}

const STORED = 'works on what is stored elsewhere, which cannot be judged here';

const REFUSED: readonly Refused[] = [
  { provider: 'openai', method: 'GET', path: '/v1/realtime', why: 'a WebSocket; upgrades are refused' },
  { provider: 'openai', method: 'GET', path: '/v1/responses/resp_1', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/conversations', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/threads', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/assistants', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/fine_tuning/jobs', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/vector_stores', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/containers', why: STORED },
  { provider: 'openai', method: 'POST', path: '/v1/uploads', why: 'a file in pieces cannot be judged whole' },
  {
    provider: 'openai',
    method: 'POST',
    path: '/v1/videos',
    why: 'a medium that is made later is not judged',
  },
  { provider: 'openai', method: 'GET', path: '/v1/organization/usage/completions', why: 'administration' },
  { provider: 'anthropic', method: 'POST', path: '/v1/complete', why: 'retired by the provider' },
  { provider: 'anthropic', method: 'POST', path: '/v1/files', why: STORED },
  { provider: 'gemini', method: 'POST', path: '/v1beta/cachedContents', why: STORED },
  { provider: 'gemini', method: 'POST', path: '/upload/v1beta/files', why: STORED },
  {
    provider: 'gemini',
    method: 'POST',
    path: '/v1beta/models/gemini-3-flash:predict',
    why: 'its body has no one shape',
  },
  {
    provider: 'gemini',
    method: 'POST',
    path: '/v1beta/tunedModels/gemini-3-flash:generateContent',
    why: 'a tuned model may have the name of another',
  },
  {
    provider: 'gemini',
    method: 'POST',
    path: '/v1beta/models/gemini-3-flash:generateContent?key=k',
    why: 'a key in a path is in every log; send it in a header',
  },
  {
    provider: 'vertex',
    method: 'POST',
    path: '/v1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict',
    why: 'its body has no one shape',
  },
  {
    provider: 'vertex',
    method: 'POST',
    path: '/v1/projects/p/locations/l/endpoints/1:generateContent',
    why: 'an endpoint does not say which model it is',
  },
  {
    provider: 'bedrock',
    method: 'POST',
    path: '/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream',
    why: 'an answer that begins before its question has ended cannot be judged',
  },
  {
    provider: 'bedrock',
    method: 'POST',
    path: '/model/amazon.titan-embed-text-v2%3A0/invoke',
    why: 'a body of a shape of its own: of invoked models only those of Anthropic are known',
  },
  { provider: 'bedrock', method: 'POST', path: '/async-invoke', why: STORED },
  {
    provider: 'bedrock',
    method: 'POST',
    path: '/guardrail/own/version/1/apply',
    why: 'asks a guardrail of AWS, and no model',
  },
  {
    provider: 'mcp',
    method: 'GET',
    path: '/mcp',
    why: 'a stream that no request asked for; servers may refuse it, too',
  },
  { provider: 'mistral', method: 'POST', path: '/v1/agents/completions', why: STORED },
  { provider: 'mistral', method: 'POST', path: '/v1/agents', why: STORED },
  { provider: 'mistral', method: 'POST', path: '/v1/conversations', why: STORED },
  { provider: 'mistral', method: 'POST', path: '/v1/files', why: STORED },
  { provider: 'mistral', method: 'POST', path: '/v1/batch/jobs', why: STORED },
  { provider: 'mistral', method: 'POST', path: '/v1/fine_tuning/jobs', why: STORED },
  { provider: 'mistral', method: 'POST', path: '/v1/ocr', why: 'what it reads is a picture, and not judged' },
  {
    provider: 'mistral',
    method: 'POST',
    path: '/v1/audio/transcriptions',
    why: 'what it reads is sound, and not judged',
  },
  { provider: 'mistral', method: 'POST', path: '/v1/moderations', why: 'not read yet' },
  { provider: 'mistral', method: 'POST', path: '/v1/chat/moderations', why: 'not read yet' },
  { provider: 'ollama', method: 'POST', path: '/api/pull', why: 'administration' },
  {
    provider: 'ollama',
    method: 'POST',
    path: '/api/create',
    why: 'administration: a model may hold instructions',
  },
  { provider: 'ollama', method: 'POST', path: '/api/embeddings', why: 'replaced by `/api/embed`' },
];

/** @throws when one of them is known by now: the page must not say that it is refused. */
export function checkRefused(): readonly Refused[] {
  const known = REFUSED.find(({ provider, method, path }) => findOperation(provider, method, path) !== null);
  if (known !== undefined)
    throw new Error(`${known.method} ${known.path} is an operation by now: tools/docs/coverage/refused.ts`);
  return REFUSED;
}
