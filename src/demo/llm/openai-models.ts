// A call for OpenAI's models in; the one that is named, or both that there are, out.
import { headersOf } from './openai-call.ts';
import type { Call, Reply } from './reply.ts';

export function answerModels(call: Call): Reply {
  const { model } = call;
  const body =
    model === null ? { object: 'list', data: ['weak-1', 'weak-2'].map(describe) } : describe(model);
  return { kind: 'json', status: 200, headers: headersOf(call), body };
}

const describe = (id: string): object => ({ id, object: 'model', created: 1, owned_by: 'weak-models' });
