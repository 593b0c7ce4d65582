// A call of OpenAI's responses in; the reply as OpenAI gives it, whole or as a stream of named events, out.
import { answer, type Answer } from './model.ts';
import { faultOf, headersOf, requestOf } from './openai-call.ts';
import { promptText, readResponses, type ResponsesRequest } from './openai-responses-request.ts';
import { countTokens, createId, splitText, type Call, type Reply } from './reply.ts';

export function answerResponses(call: Call): Reply {
  const fault = faultOf(call, ['model', 'input']);
  if (fault !== null) return fault;
  const request = requestOf(call) as ResponsesRequest;
  const said = answer(readResponses(request, call.serial));
  const exchange: Exchange = { call, request, said, items: itemsOf(call, said) };
  return request.stream === true
    ? {
        kind: 'stream',
        headers: { ...headersOf(call), 'content-type': 'text/event-stream; charset=utf-8' },
        frames: framesOf(exchange),
      }
    : { kind: 'json', status: 200, headers: headersOf(call), body: responseOf(exchange, 'completed') };
}

export function answerInputTokens(call: Call): Reply {
  const fault = faultOf(call, ['input']);
  if (fault !== null) return fault;
  const body = {
    object: 'response.input_tokens',
    input_tokens: countTokens(promptText(requestOf(call) as ResponsesRequest)),
  };
  return { kind: 'json', status: 200, headers: headersOf(call), body };
}

interface Exchange {
  readonly call: Call;
  readonly request: ResponsesRequest;
  readonly said: Answer;
  readonly items: readonly Item[];
}

interface Item {
  readonly whole: object;
  readonly empty: object;
  /** What a stream tells between the beginning of the item and its end. */
  readonly inside: (index: number, size: number) => readonly Event[];
}

type Event = { readonly type: string; readonly [field: string]: unknown };

const itemsOf = ({ serial }: Call, { text, calls }: Answer): readonly Item[] => [
  ...(text === '' && calls.length > 0 ? [] : [messageItem(createId('msg_', serial), text)]),
  ...calls.map((each, index) => callItem(each, serial * 100 + index)),
];

function messageItem(id: string, text: string): Item {
  const message = { id, type: 'message', role: 'assistant' };
  const part = { type: 'output_text', annotations: [], logprobs: [], text };
  const inside = (index: number, size: number): readonly Event[] => {
    const place = { item_id: id, output_index: index, content_index: 0 };
    return [
      { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
      ...splitText(text, size).map((delta) => ({
        type: 'response.output_text.delta',
        ...place,
        delta,
        logprobs: [],
        obfuscation: 'x'.repeat(16 - (delta.length % 16)),
      })),
      { type: 'response.output_text.done', ...place, text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part },
    ];
  };
  return {
    whole: { ...message, status: 'completed', content: [part] },
    empty: { ...message, status: 'in_progress', content: [] },
    inside,
  };
}

function callItem({ name, arguments: values }: Answer['calls'][number], serial: number): Item {
  const id = createId('fc_', serial);
  const said = JSON.stringify(values);
  const item = { id, type: 'function_call', call_id: createId('call_', serial), name };
  const inside = (index: number, size: number): readonly Event[] => {
    const place = { item_id: id, output_index: index };
    return [
      ...splitText(said, size).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        ...place,
        delta,
      })),
      { type: 'response.function_call_arguments.done', ...place, arguments: said },
    ];
  };
  return {
    whole: { ...item, status: 'completed', arguments: said },
    empty: { ...item, status: 'in_progress', arguments: '' },
    inside,
  };
}

const responseOf = (exchange: Exchange, status: 'in_progress' | 'completed'): object => ({
  id: createId('resp_', exchange.call.serial),
  object: 'response',
  created_at: Math.floor(Date.now() / 1000),
  status,
  error: null,
  incomplete_details: null,
  instructions: exchange.request.instructions ?? null,
  model: exchange.request.model,
  output: status === 'completed' ? exchange.items.map(({ whole }) => whole) : [],
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: exchange.request.tools ?? [],
  top_p: 1,
  metadata: {},
  usage: status === 'completed' ? usageOf(exchange) : null,
});

function usageOf({ request, said }: Exchange): object {
  const input = countTokens(promptText(request));
  const output = countTokens(said.text + said.calls.map((each) => JSON.stringify(each.arguments)).join(''));
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}

function framesOf(exchange: Exchange): string[] {
  const events: readonly Event[] = [
    { type: 'response.created', response: responseOf(exchange, 'in_progress') },
    { type: 'response.in_progress', response: responseOf(exchange, 'in_progress') },
    ...exchange.items.flatMap(({ whole, empty, inside }, index) => [
      { type: 'response.output_item.added', output_index: index, item: empty },
      ...inside(index, exchange.call.chunkCharacters),
      { type: 'response.output_item.done', output_index: index, item: whole },
    ]),
    { type: 'response.completed', response: responseOf(exchange, 'completed') },
  ];
  return events.map(
    ({ type, ...fields }, index) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...fields })}\n\n`,
  );
}
