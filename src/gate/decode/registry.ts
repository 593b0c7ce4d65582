// Provider, method and path in; the operation they name, or nothing, out. The list is closed: what is not here is refused.
import type { Operation, Provider } from '../../exchange/index.ts';

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
    provider: 'anthropic',
    operation: { dialect: 'anthropic-messages', name: 'chat', method: 'POST', path: '/v1/messages' },
  },
];

/** Exact bytes, no repair: another spelling of the path is another path. */
export const findOperation = (provider: Provider, method: string, path: string): Operation | null =>
  OPERATIONS.find(
    (entry) =>
      entry.provider === provider && entry.operation.method === method && entry.operation.path === path,
  )?.operation ?? null;
