// Streaming answers as the providers write them: prose in pieces of 4 to 12 characters, then the call of a tool.

export const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface Answer {
  readonly frames: readonly Buffer[];
  /** Indexes of the frames that bring a piece of the text. */
  readonly texts: readonly number[];
}

export const PATHS: Readonly<Record<Dialect, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
};

const MODEL = 'bench-model';
const ARGUMENTS = JSON.stringify({ parcel: 'A-1742', day: 'Tuesday', street: 'Harbour Road 12', ring: true });

type Event = Readonly<Record<string, unknown>>;
interface Told {
  readonly before: readonly Event[];
  readonly texts: readonly Event[];
  readonly after: readonly Event[];
  /** Ends the stream beside JSON. */
  readonly last?: string;
}

export function writeAnswer(dialect: Dialect, pieces: number): Answer {
  const { before, texts, after, last } = TOLD[dialect](cutProse(pieces));
  const events = [...before, ...texts, ...after];
  const frames = events.map((event, index) => frameOf(dialect, event, index));
  if (last !== undefined) frames.push(Buffer.from(`data: ${last}\n\n`));
  return { frames, texts: texts.map((_, index) => before.length + index) };
}

function frameOf(dialect: Dialect, event: Event, index: number): Buffer {
  const type = event['type'] as string | undefined;
  const head = type === undefined ? '' : `event: ${type}\n`;
  const numbered = dialect === 'openai-responses' ? { ...event, sequence_number: index } : event;
  return Buffer.from(`${head}data: ${JSON.stringify(numbered)}\n\n`);
}

const WORDS =
  'the parcel left our depot on Monday and is on its way to you; a driver will call before noon, or the neighbour takes it (as agreed), and the receipt follows by mail. '.split(
    ' ',
  );

/** Steady, and different all along. */
function cutProse(pieces: number): string[] {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let prose = '';
  return Array.from({ length: pieces }, () => {
    while (prose.length < 12) prose += `${WORDS[random(WORDS.length)] ?? ''} `;
    const length = 4 + random(9);
    const piece = prose.slice(0, length);
    prose = prose.slice(length);
    return piece;
  });
}

const cutArguments = (): string[] => ARGUMENTS.match(/.{1,9}/g) ?? [];

const TOLD: Readonly<Record<Dialect, (pieces: readonly string[]) => Told>> = {
  'openai-chat': tellChat,
  'openai-responses': tellResponse,
  'anthropic-messages': tellMessage,
};

function tellChat(pieces: readonly string[]): Told {
  const identity = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: MODEL,
  };
  const chunk = (delta: object, finish: string | null = null): Event => ({
    ...identity,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const call = (fields: object): Event => chunk({ tool_calls: [{ index: 0, ...fields }] });
  return {
    before: [chunk({ role: 'assistant', content: '', refusal: null })],
    texts: pieces.map((content) => chunk({ content })),
    after: [
      call({ id: 'call_bench', type: 'function', function: { name: 'move_parcel', arguments: '' } }),
      ...cutArguments().map((piece) => call({ function: { arguments: piece } })),
      chunk({}, 'tool_calls'),
    ],
    last: '[DONE]',
  };
}

function tellResponse(pieces: readonly string[]): Told {
  const text = pieces.join('');
  const response = { id: 'resp_bench', object: 'response', created_at: 1_700_000_000, model: MODEL };
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  const place = { item_id: 'msg_bench', output_index: 0, content_index: 0 };
  const part = { type: 'output_text', annotations: [], text };
  const message = { id: 'msg_bench', type: 'message', role: 'assistant' };
  const called = { item_id: 'fc_bench', output_index: 1 };
  const call = { id: 'fc_bench', type: 'function_call', call_id: 'call_bench', name: 'move_parcel' };
  const whole = [
    { ...message, status: 'completed', content: [part] },
    { ...call, status: 'completed', arguments: ARGUMENTS },
  ];
  return {
    before: [
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...message, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ],
    texts: pieces.map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
    after: [
      { type: 'response.output_text.done', ...place, text },
      { type: 'response.content_part.done', ...place, part },
      { type: 'response.output_item.done', output_index: 0, item: whole[0] },
      {
        type: 'response.output_item.added',
        output_index: 1,
        item: { ...call, status: 'in_progress', arguments: '' },
      },
      ...cutArguments().map((delta) => ({
        type: 'response.function_call_arguments.delta',
        ...called,
        delta,
      })),
      { type: 'response.function_call_arguments.done', ...called, arguments: ARGUMENTS },
      { type: 'response.output_item.done', output_index: 1, item: whole[1] },
      {
        type: 'response.completed',
        response: { ...response, status: 'completed', output: whole, usage: USAGE },
      },
    ],
  };
}

const USAGE = { input_tokens: 230, output_tokens: 400, total_tokens: 630 };

function tellMessage(pieces: readonly string[]): Told {
  const message = {
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 230, output_tokens: 1 },
  };
  const tool = { type: 'tool_use', id: 'toolu_bench', name: 'move_parcel', input: {} };
  return {
    before: [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ],
    texts: pieces.map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    after: [
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: tool },
      ...['', ...cutArguments()].map((piece) => ({
        type: 'content_block_delta',
        index: 1,
        delta: { type: 'input_json_delta', partial_json: piece },
      })),
      { type: 'content_block_stop', index: 1 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null },
        usage: { output_tokens: 400 },
      },
      { type: 'message_stop' },
    ],
  };
}
