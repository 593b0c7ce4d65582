// What may be asked of an Ollama server. Pulling, creating and deleting models is administration, and refused.
import type { Operation } from '../../../exchange/index.ts';

const facts = {
  dialect: 'ollama-facts',
  name: 'models',
  method: 'GET',
  body: 'none',
  stream: false,
} as const;

export const OLLAMA: readonly Operation[] = [
  { dialect: 'ollama-chat', name: 'chat', method: 'POST', path: '/api/chat', framing: 'ndjson' },
  {
    dialect: 'ollama-generate',
    name: 'text_completion',
    method: 'POST',
    path: '/api/generate',
    framing: 'ndjson',
  },
  { dialect: 'ollama-embed', name: 'embeddings', method: 'POST', path: '/api/embed', stream: false },
  { ...facts, path: '/api/tags' },
  { ...facts, path: '/api/ps' },
  { ...facts, path: '/api/version' },
];
