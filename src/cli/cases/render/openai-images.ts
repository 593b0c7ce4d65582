// What is spoken in a case, as OpenAI's images have it: what they are to show, and pictures that say nothing.
import { ONLY_ASKED, textsOf, type Renderer } from './renderer.ts';

export const openaiImages: Renderer = {
  lacks: new Set([...ONLY_ASKED.filter((word) => word !== 'n'), 'image']),
  request: ({ model, turns, limits, extra }) => ({
    model,
    prompt: [textsOf(turns)].flat().join('\n'),
    ...(limits.n === undefined ? {} : { n: limits.n }),
    ...extra,
  }),
  answer: ({ extra }) => ({ created: 1, data: [{ b64_json: 'iVBORw0KGgo=' }], ...extra }),
  stream: () => [],
};
