// What is spoken in a case, as OpenAI's responses have it.
import type { Call, OfferedTool, SpokenAnswer, SpokenRequest, Turn } from '../case.ts';
import { callIdOf, countCalls, type Cut, type Renderer } from './renderer.ts';

export const openaiResponses: Renderer = {
  lacks: new Set(['document', 'n']),
  request: ({ model, turns, tools, limits, extra }, stream) => ({
    model,
    input: turns.map(writeTurn),
    ...(tools.length === 0 ? {} : { tools: tools.map(writeTool) }),
    ...writeLimits(limits),
    ...(stream ? { stream } : {}),
    ...extra,
  }),
  answer: (said) => writeResponse(said, 'completed'),
  stream: (said, cut) =>
    [
      lifecycle('response.created', said, 'in_progress'),
      ...itemsOf(said).flatMap((item, index) => streamItem(item, index, cut)),
      lifecycle('response.completed', said, 'completed'),
    ].map(({ type, fields }, index) => ({ event: type, data: { type, sequence_number: index, ...fields } })),
};

interface Told {
  readonly type: string;
  readonly fields: object;
}

const told = (type: string, fields: object): Told => ({ type, fields });

const lifecycle = (type: string, said: SpokenAnswer, status: 'in_progress' | 'completed'): Told =>
  told(type, { response: writeResponse(said, status) });

const writeResponse = (said: SpokenAnswer, status: 'in_progress' | 'completed'): object => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: said.model,
  status,
  output: status === 'completed' ? itemsOf(said).map(({ whole }) => whole) : [],
  ...(status === 'completed' ? { usage: { input_tokens: 10, output_tokens: 10, total_tokens: 20 } } : {}),
  ...said.extra,
});

function writeTurn(turn: Turn, at: number, turns: readonly Turn[]): object {
  const calls = countCalls(turns, at);
  switch (turn.kind) {
    case 'image':
      return { role: 'user', content: [{ type: 'input_image', image_url: turn.url }] };
    case 'call':
      return writeCall(turn, calls);
    case 'result':
      return { type: 'function_call_output', call_id: callIdOf(calls - 1), output: turn.text };
    default:
      return { role: turn.kind, content: turn.text };
  }
}

const writeCall = ({ name, arguments: values }: Call, index: number): object => ({
  type: 'function_call',
  id: `fc_${String(index)}`,
  call_id: callIdOf(index),
  name,
  arguments: JSON.stringify(values),
});

const writeTool = (tool: OfferedTool): object => ({ type: 'function', ...tool });

const writeLimits = ({ max_output_tokens }: SpokenRequest['limits']): object =>
  max_output_tokens === undefined ? {} : { max_output_tokens };

/** An item as it stands in a whole answer, as it begins in a stream, and what goes on between. */
interface Item {
  readonly whole: object;
  readonly empty: object;
  readonly inside: (index: number, cut: Cut) => readonly Told[];
}

const itemsOf = ({ reasoning, text, refusal, calls }: SpokenAnswer): readonly Item[] => [
  ...(reasoning === '' ? [] : [reasoningItem(reasoning)]),
  ...(text === '' ? [] : [messageItem('output_text', 'text', text)]),
  ...(refusal === '' ? [] : [messageItem('refusal', 'refusal', refusal)]),
  ...calls.map(callItem),
];

const reasoningItem = (said: string): Item => ({
  whole: { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: said }] },
  empty: { type: 'reasoning', id: 'rs_1', summary: [] },
  inside: (index, cut) =>
    streamText(said, cut, {
      place: { item_id: 'rs_1', output_index: index, summary_index: 0 },
      part: 'reasoning_summary_part',
      name: 'reasoning_summary_text',
      type: 'summary_text',
      field: 'text',
    }),
});

function messageItem(type: 'output_text' | 'refusal', field: string, said: string): Item {
  const message = { type: 'message', id: `msg_${field}`, role: 'assistant' };
  const place = { item_id: message.id, content_index: 0 };
  return {
    whole: { ...message, status: 'completed', content: [{ type, [field]: said }] },
    empty: { ...message, status: 'in_progress', content: [] },
    inside: (index, cut) =>
      streamText(said, cut, {
        place: { ...place, output_index: index },
        part: 'content_part',
        name: type,
        type,
        field,
      }),
  };
}

interface TextShape {
  readonly place: object;
  readonly part: string;
  readonly name: string;
  readonly type: string;
  readonly field: string;
}

const streamText = (
  said: string,
  cut: Cut,
  { place, part, name, type, field }: TextShape,
): readonly Told[] => [
  told(`response.${part}.added`, { ...place, part: { type, [field]: '' } }),
  ...cut(said).map((delta) => told(`response.${name}.delta`, { ...place, delta })),
  told(`response.${name}.done`, { ...place, [field]: said }),
  told(`response.${part}.done`, { ...place, part: { type, [field]: said } }),
];

function callItem(call: Call, at: number): Item {
  const whole = writeCall(call, at);
  const said = JSON.stringify(call.arguments);
  const inside = (index: number, cut: Cut): readonly Told[] => {
    const place = { item_id: `fc_${String(at)}`, output_index: index };
    return [
      ...cut(said).map((delta) => told('response.function_call_arguments.delta', { ...place, delta })),
      told('response.function_call_arguments.done', { ...place, arguments: said }),
    ];
  };
  return { whole, empty: { ...whole, arguments: '' }, inside };
}

const streamItem = ({ whole, empty, inside }: Item, index: number, cut: Cut): readonly Told[] => [
  told('response.output_item.added', { output_index: index, item: empty }),
  ...inside(index, cut),
  told('response.output_item.done', { output_index: index, item: whole }),
];
