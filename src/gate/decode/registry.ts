// Provider, method and target in; the operation they name, or nothing, out. The list is closed: what is not here is refused.
import type { Operation, Provider, Route } from '../../exchange/index.ts';
import { compilePath } from './path-pattern.ts';

interface Entry {
  readonly provider: Provider;
  readonly operation: Operation;
}

export const OPERATIONS: readonly Entry[] = [
  {
    provider: 'openai',
    operation: { dialect: 'openai-chat', name: 'chat', method: 'POST', path: '/v1/chat/completions' },
  },
  {
    provider: 'openai',
    operation: { dialect: 'openai-responses', name: 'chat', method: 'POST', path: '/v1/responses' },
  },
  {
    provider: 'anthropic',
    operation: { dialect: 'anthropic-messages', name: 'chat', method: 'POST', path: '/v1/messages' },
  },
  ...[
    '/openai/deployments/{model}/chat/completions?api-version={version}',
    '/openai/v1/chat/completions',
    '/openai/v1/chat/completions?api-version={version}',
  ].map((path): Entry => ({
    provider: 'azure',
    operation: { dialect: 'openai-chat', name: 'chat', method: 'POST', path },
  })),
  ...['/v1beta', '/v1'].flatMap((version) => geminiOf(`${version}/models/{model}`)),
];

function geminiOf(model: string): readonly Entry[] {
  const shared = { dialect: 'gemini', method: 'POST' } as const;
  const operations: readonly Operation[] = [
    { ...shared, name: 'generate_content', path: `${model}:generateContent`, stream: false },
    { ...shared, name: 'generate_content', path: `${model}:streamGenerateContent?alt=sse`, stream: true },
    { ...shared, name: 'count_tokens', path: `${model}:countTokens`, stream: false },
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
