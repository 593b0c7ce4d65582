// What Bedrock's runtime offers that is judged here; the path names the model, and whether the answer streams.
import type { Operation } from '../../../exchange/index.ts';

const MODEL = '/model/{model:aws}';

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
];
