// Chats of a size in, the facts that policies are asked about out.
import type { Route } from '../../../src/exchange/index.ts';
import { factsOfRequest, type Facts } from '../../../src/gate/decide/index.ts';
import { codecOf, findOperation } from '../../../src/gate/decode/index.ts';
import type { Snapshot } from '../../../src/policy/index.ts';

const FOUND = findOperation('openai', 'POST', '/v1/chat/completions');

/** `bytes` of prose, shared out between the turns. */
export function aChat(turns: number, bytes: number, snapshot: Snapshot): Facts {
  if (FOUND === null) throw new Error('There is no such operation.');
  const route: Route = {
    upstream: { name: 'openai', provider: 'openai', url: new URL('https://api.openai.com') },
    ...FOUND,
  };
  const messages = Array.from({ length: turns }, (_, turn) => ({
    role: turn === 0 ? 'system' : turn % 2 === 0 ? 'assistant' : 'user',
    content: 'The gate keeper asked what the visitor wanted. '
      .repeat(bytes / turns / 47 + 1)
      .slice(0, bytes / turns),
  }));
  const body = Buffer.from(JSON.stringify({ model: 'gpt-4o', messages }));
  const message = codecOf(FOUND.operation).decodeRequest(body);
  if (!message.ok) throw new Error(message.error.code);
  return factsOfRequest(message.value, {
    route,
    findings: snapshot.inspector.inspectParts(message.value.parts),
  });
}
