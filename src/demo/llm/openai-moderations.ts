// A call of OpenAI's moderations in; whether a text is violent, by a word or two, out.
import { faultOf, headersOf, requestOf } from './openai-call.ts';
import { createId, type Call, type Reply } from './reply.ts';

interface Block {
  readonly text?: string;
}

interface ModerationRequest {
  readonly model?: string;
  readonly input: string | readonly (string | Block)[];
}

const VIOLENT = /\b(?:kill|hurt|attack)\b/i;

export function answerModerations(call: Call): Reply {
  const fault = faultOf(call, ['input']);
  if (fault !== null) return fault;
  const { model = 'omni-moderation-latest', input } = requestOf(call) as ModerationRequest;
  const body = { id: createId('modr-', call.serial), model, results: textsOf(input).map(moderate) };
  return { kind: 'json', status: 200, headers: headersOf(call), body };
}

/** Blocks are one input together. */
function textsOf(input: ModerationRequest['input']): readonly string[] {
  if (typeof input === 'string') return [input];
  const texts = input.filter((item) => typeof item === 'string');
  return texts.length > 0 ? texts : [input.map((item) => (item as Block).text ?? '').join('\n')];
}

function moderate(text: string): object {
  const violence = VIOLENT.test(text);
  return {
    flagged: violence,
    categories: { hate: false, violence },
    category_scores: { hate: 0, violence: violence ? 0.9 : 0.01 },
    category_applied_input_types: { hate: ['text'], violence: ['text'] },
  };
}
