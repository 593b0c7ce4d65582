// What Bedrock's runtime offers that is judged here; the path names the model, and whether the answer streams.
import type { Operation } from '../../../exchange/index.ts';

const MODEL = '/model/{model:aws}';
/** Of all that can be invoked, the models whose bodies are known. */
const CLAUDE = '/model/{model:claude}';

const invoked = { dialect: 'bedrock-messages', name: 'chat', method: 'POST', isUntyped: true } as const;

export const BEDROCK: readonly Operation[] = [
  { dialect: 'bedrock-converse', name: 'chat', method: 'POST', path: `${MODEL}/converse`, stream: false },
  {
    dialect: 'bedrock-converse',
    name: 'chat',
    method: 'POST',
    path: `${MODEL}/converse-stream`,
    stream: true,
    framing: 'eventstream',
  },
  { ...invoked, path: `${CLAUDE}/invoke`, stream: false },
  { ...invoked, path: `${CLAUDE}/invoke-with-response-stream`, stream: true, framing: 'chunks' },
];
