// What Google offers of its models, by the path that leads to them: the same on both of its hosts.
import type { Operation } from '../../../exchange/index.ts';

const PAGES = [
  '',
  '?pageSize={size}',
  '?pageToken={token}',
  '?pageSize={size}&pageToken={token}',
  '?pageToken={token}&pageSize={size}',
];

/** Versions of the interface for developers. */
export const GEMINI = ['/v1beta', '/v1'].flatMap(googleOf);

const PROJECT = '/projects/{project}/locations/{location}';

/** In a project, and without one for callers with a key. */
export const VERTEX_GOOGLE = ['/v1', '/v1beta1'].flatMap((version) =>
  [PROJECT, ''].flatMap((place) => googleOf(`${version}${place}/publishers/google`)),
);

function googleOf(base: string): readonly Operation[] {
  const model = `${base}/models/{model}`;
  const generate = { dialect: 'gemini', name: 'generate_content', method: 'POST' } as const;
  const stream = { ...generate, stream: true } as const;
  const count = {
    dialect: 'gemini-count-tokens',
    name: 'count_tokens',
    method: 'POST',
    stream: false,
  } as const;
  const embed = { dialect: 'gemini-embeddings', name: 'embeddings', method: 'POST', stream: false } as const;
  const models = {
    dialect: 'gemini-models',
    name: 'models',
    method: 'GET',
    body: 'none',
    stream: false,
  } as const;
  return [
    { ...generate, path: `${model}:generateContent`, stream: false },
    { ...stream, path: `${model}:streamGenerateContent?alt=sse` },
    { ...stream, path: `${model}:streamGenerateContent`, framing: 'json_array' },
    { ...count, path: `${model}:countTokens` },
    { ...embed, path: `${model}:embedContent` },
    { ...embed, path: `${model}:batchEmbedContents` },
    ...PAGES.map((page) => ({ ...models, path: `${base}/models${page}` })),
    { ...models, path: model },
  ];
}
