// Operations of the providers that Postern knows of and refuses, and why. That they are refused is asked, not claimed.
import type { Provider } from '../../../src/exchange/index.ts';
import { findOperation } from '../../../src/gate/decode/index.ts';

export interface Refused {
  readonly provider: Provider;
  readonly method: string;
  readonly path: string;
  readonly why: string;
  /** So is every other method of this path, and whatever stands below it. */
  readonly withBelow?: true;
}

const STORED = 'works on what is stored elsewhere, which cannot be judged here';
const BETA = 'a beta whose fields are not read yet';
const ADMINISTRATION = 'administration';

const below = (provider: Provider, paths: readonly string[], why: string): readonly Refused[] =>
  paths.map((path) => ({ provider, method: 'POST', path, why, withBelow: true }));

const OPENAI: readonly Refused[] = [
  {
    provider: 'openai',
    method: 'GET',
    path: '/v1/realtime',
    why: 'speech over a WebSocket, WebRTC or SIP is not heard here; upgrades are refused',
    withBelow: true,
  },
  {
    provider: 'openai',
    method: 'POST',
    path: '/v1/responses/compact',
    why: 'its answer holds what users said, and a summary that nobody can read',
  },
  ...['', '/compact', '/input_tokens'].map((name): Refused => ({
    provider: 'openai',
    method: 'POST',
    path: `/v1/responses${name}?beta=true`,
    why: BETA,
  })),
  { provider: 'openai', method: 'GET', path: '/v1/chat/completions', why: STORED },
  { provider: 'openai', method: 'DELETE', path: '/v1/models/id_1', why: ADMINISTRATION },
  ...below(
    'openai',
    [
      '/v1/responses/id_1',
      '/v1/chat/completions/id_1',
      '/v1/conversations',
      '/v1/threads',
      '/v1/assistants',
      '/v1/fine_tuning',
      '/v1/evals',
      '/v1/vector_stores',
      '/v1/containers',
      '/v1/skills',
      '/v1/chatkit',
    ],
    STORED,
  ),
  ...below('openai', ['/v1/uploads'], 'a file in pieces cannot be judged whole'),
  ...below('openai', ['/v1/videos'], 'a medium that is made later is not judged'),
  ...below('openai', ['/v1/organization', '/v1/projects'], ADMINISTRATION),
];

const ANTHROPIC: readonly Refused[] = [
  { provider: 'anthropic', method: 'POST', path: '/v1/complete', why: 'retired by the provider' },
  ...below(
    'anthropic',
    [
      '/v1/files',
      '/v1/skills',
      '/v1/agents',
      '/v1/deployments',
      '/v1/deployment_runs',
      '/v1/dreams',
      '/v1/environments',
      '/v1/memory_stores',
      '/v1/sessions',
    ],
    STORED,
  ),
  ...below(
    'anthropic',
    ['/v1/organizations', '/v1/user_profiles', '/v1/vaults', '/v1/tunnels'],
    ADMINISTRATION,
  ),
];

const REFUSED: readonly Refused[] = [
  ...OPENAI,
  ...ANTHROPIC,
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
  ...['/v2/embed', '/v2/rerank', '/v2/parse'].map((path): Refused => ({
    provider: 'cohere',
    method: 'POST',
    path,
    why: 'not read yet',
  })),
  { provider: 'cohere', method: 'POST', path: '/v1/chat', why: 'replaced by `/v2/chat`' },
  { provider: 'cohere', method: 'POST', path: '/v1/embed-jobs', why: STORED },
  { provider: 'cohere', method: 'POST', path: '/v1/datasets', why: STORED },
  { provider: 'cohere', method: 'POST', path: '/v1/connectors', why: STORED },
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
  { provider: 'ollama', method: 'POST', path: '/api/pull', why: ADMINISTRATION },
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
