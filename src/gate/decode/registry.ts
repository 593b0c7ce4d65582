// Provider, method and target in; the operation they name, or nothing, out. The list is closed: what is not here is refused.
import type { Operation, Provider, Route } from '../../exchange/index.ts';
import { ANTHROPIC, VERTEX_ANTHROPIC } from './anthropic-messages/operations.ts';
import { GEMINI, VERTEX_GOOGLE } from './gemini/operations.ts';
import { OLLAMA } from './ollama/operations.ts';
import { BEDROCK } from './bedrock/operations.ts';
import { MCP } from './mcp/operations.ts';
import { FILES } from './openai-files/operations.ts';
import { compilePath } from './path-pattern.ts';

interface Entry {
  readonly provider: Provider;
  readonly operation: Operation;
}

type Spoken = Omit<Operation, 'method' | 'path'>;

const MODELS = {
  dialect: 'openai-models',
  name: 'models',
  method: 'GET',
  body: 'none',
  stream: false,
} as const;

const RESPONSES = { dialect: 'openai-responses', name: 'chat' } as const satisfies Spoken;

const TRANSCRIPTS = {
  dialect: 'openai-transcripts',
  name: 'generate_content',
  body: 'form',
  stream: false,
} as const satisfies Spoken;

/** What both of its hosts offer, by the end of the path. */
const OPENAI = {
  'chat/completions': { dialect: 'openai-chat', name: 'chat' },
  completions: { dialect: 'openai-completions', name: 'text_completion' },
  embeddings: { dialect: 'openai-embeddings', name: 'embeddings', stream: false },
  'images/generations': { dialect: 'openai-images', name: 'generate_content', stream: false },
  'images/edits': { dialect: 'openai-image-edits', name: 'generate_content', body: 'form', stream: false },
  'audio/speech': { dialect: 'openai-speech', name: 'generate_content', answer: 'sound', stream: false },
  'audio/transcriptions': TRANSCRIPTS,
  'audio/translations': TRANSCRIPTS,
} as const satisfies Readonly<Record<string, Spoken>>;

export const OPERATIONS: readonly Entry[] = [
  ...openaiOf(),
  ...FILES.map((operation): Entry => ({ provider: 'openai', operation })),
  ...ANTHROPIC.map((operation): Entry => ({ provider: 'anthropic', operation })),
  ...azureOf(),
  ...BEDROCK.map((operation): Entry => ({ provider: 'bedrock', operation })),
  ...OLLAMA.map((operation): Entry => ({ provider: 'ollama', operation })),
  ...MCP.map((operation): Entry => ({ provider: 'mcp', operation })),
  ...mistralOf(),
  {
    provider: 'cohere',
    operation: { dialect: 'cohere-chat', name: 'chat', method: 'POST', path: '/v2/chat' },
  },
  ...compatibleOf(),
  ...GEMINI.map((operation): Entry => ({ provider: 'gemini', operation })),
  ...[...VERTEX_GOOGLE, ...VERTEX_ANTHROPIC].map((operation): Entry => ({ provider: 'vertex', operation })),
];

function openaiOf(): readonly Entry[] {
  const operations: Readonly<Record<string, Spoken>> = {
    ...OPENAI,
    responses: RESPONSES,
    'responses/input_tokens': { dialect: 'openai-input-tokens', name: 'count_tokens', stream: false },
    moderations: { dialect: 'openai-moderations', name: 'moderation', stream: false },
    'images/variations': OPENAI['images/edits'],
  };
  return [...postTo('/v1', operations), ...modelsOf('/v1')].map((operation) => ({
    provider: 'openai',
    operation,
  }));
}

function mistralOf(): readonly Entry[] {
  const operations: Readonly<Record<string, Spoken>> = {
    'chat/completions': { dialect: 'mistral-chat', name: 'chat' },
    'fim/completions': { dialect: 'mistral-fim', name: 'text_completion' },
    embeddings: OPENAI.embeddings,
  };
  return [...postTo('/v1', operations), ...modelsOf('/v1')].map((operation) => ({
    provider: 'mistral',
    operation,
  }));
}

/** What other servers took over of it: inference servers, routers and gateways. */
function compatibleOf(): readonly Entry[] {
  return [...postTo('/v1', { ...OPENAI, responses: RESPONSES }), ...modelsOf('/v1')].map((operation) => ({
    provider: 'openai-compatible',
    operation,
  }));
}

function postTo(base: string, operations: Readonly<Record<string, Spoken>>): readonly Operation[] {
  return Object.entries(operations).map(([path, spoken]) => ({
    ...spoken,
    method: 'POST',
    path: `${base}/${path}`,
  }));
}

/** By deployment, which names the model, and as OpenAI has it. */
function azureOf(): readonly Entry[] {
  const version = '?api-version={version}';
  return [
    ...Object.entries(OPENAI).flatMap(([path, spoken]) =>
      [
        `/openai/deployments/{model}/${path}${version}`,
        `/openai/v1/${path}`,
        `/openai/v1/${path}${version}`,
      ].map((at): Operation => ({ ...spoken, method: 'POST', path: at })),
    ),
    ...modelsOf('/openai/v1'),
    ...modelsOf('/openai/v1', version),
    ...modelsOf('/openai', version),
  ].map((operation) => ({ provider: 'azure', operation }));
}

function modelsOf(base: string, query = ''): readonly Operation[] {
  return ['models', 'models/{model}'].map((path) => ({ ...MODELS, path: `${base}/${path}${query}` }));
}

const READERS = OPERATIONS.map((entry) => ({ ...entry, read: compilePath(entry.operation.path) }));

type Found = Pick<Route, 'operation' | 'address'>;

/** Exact bytes, no repair: another spelling of the path is another path, and so is another query. */
export function findOperation(provider: Provider, method: string, target: string): Found | null {
  for (const { provider: whose, operation, read } of READERS) {
    if (whose !== provider || operation.method !== method) continue;
    const values = read(target);
    if (values !== null) return { operation, ...addressOf(target, values) };
  }
  return null;
}

function addressOf(path: string, values: Readonly<Record<string, string>>): Pick<Route, 'address'> {
  if (Object.keys(values).length === 0) return {};
  const { model } = values;
  return { address: model === undefined ? { path } : { path, model } };
}

/** Paths of operations that differ from a target in their query alone: what its sender may have meant. */
export function listOtherQueries(provider: Provider, target: string): readonly string[] {
  const [path = ''] = target.split('?', 1);
  return READERS.filter((entry) => entry.provider === provider)
    .map(({ operation }) => operation.path)
    .filter((known) => compilePath(known.split('?', 1)[0] ?? '')(path) !== null);
}
