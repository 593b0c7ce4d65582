// Provider, method and target in; the operation they name, or nothing, out. The list is closed: what is not here is refused.
import type { Operation, Provider, Route } from '../../exchange/index.ts';
import { OLLAMA } from './ollama/operations.ts';
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

/** What both of its hosts offer, by the end of the path. */
const OPENAI = {
  'chat/completions': { dialect: 'openai-chat', name: 'chat' },
  completions: { dialect: 'openai-completions', name: 'text_completion' },
  embeddings: { dialect: 'openai-embeddings', name: 'embeddings', stream: false },
  'images/generations': { dialect: 'openai-images', name: 'generate_content', stream: false },
} as const satisfies Readonly<Record<string, Spoken>>;

const ANTHROPIC: readonly Operation[] = ['', '?beta=true'].flatMap((query): Operation[] => [
  { dialect: 'anthropic-messages', name: 'chat', method: 'POST', path: `/v1/messages${query}` },
  {
    dialect: 'anthropic-count-tokens',
    name: 'count_tokens',
    method: 'POST',
    path: `/v1/messages/count_tokens${query}`,
    stream: false,
  },
]);

export const OPERATIONS: readonly Entry[] = [
  ...openaiOf(),
  ...FILES.map((operation): Entry => ({ provider: 'openai', operation })),
  ...ANTHROPIC.map((operation): Entry => ({ provider: 'anthropic', operation })),
  ...azureOf(),
  ...OLLAMA.map((operation): Entry => ({ provider: 'ollama', operation })),
  ...['/v1beta', '/v1'].flatMap((version) => geminiOf(`${version}/models/{model}`)),
];

function openaiOf(): readonly Entry[] {
  const operations: Readonly<Record<string, Spoken>> = {
    ...OPENAI,
    responses: { dialect: 'openai-responses', name: 'chat' },
    moderations: { dialect: 'openai-moderations', name: 'moderation', stream: false },
  };
  return [
    ...Object.entries(operations).map(([path, spoken]): Operation => ({
      ...spoken,
      method: 'POST',
      path: `/v1/${path}`,
    })),
    ...modelsOf('/v1'),
  ].map((operation) => ({ provider: 'openai', operation }));
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

function geminiOf(model: string): readonly Entry[] {
  const generate = { dialect: 'gemini', name: 'generate_content', method: 'POST' } as const;
  const stream = { ...generate, stream: true } as const;
  const operations: readonly Operation[] = [
    { ...generate, path: `${model}:generateContent`, stream: false },
    { ...stream, path: `${model}:streamGenerateContent?alt=sse` },
    { ...stream, path: `${model}:streamGenerateContent`, framing: 'json_array' },
    {
      dialect: 'gemini-count-tokens',
      name: 'count_tokens',
      method: 'POST',
      path: `${model}:countTokens`,
      stream: false,
    },
  ];
  return operations.map((operation) => ({ provider: 'gemini', operation }));
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
