// What is spoken in a case, as Anthropic's messages have it.
import type { Call, OfferedTool, SpokenAnswer, SpokenRequest, Turn } from '../case.ts';
import { callIdOf, countCalls, type Cut, type Renderer, type WireEvent } from './renderer.ts';

/** The dialect insists on one. */
const MAX_TOKENS = 1_024;

export const anthropicMessages: Renderer = {
  lacks: new Set(['developer', 'n', 'refusal']),
  request: (said, stream) => ({
    max_tokens: said.limits.max_output_tokens ?? MAX_TOKENS,
    ...(stream ? { stream } : {}),
    ...conversationOf(said),
  }),
  answer: (said) => ({
    ...identityOf(said),
    content: blocksOf(said).map(({ whole }) => whole),
    ...endOf(said),
    usage: { input_tokens: 10, output_tokens: 10 },
    ...said.extra,
  }),
  stream: (said, cut) => [
    named('message_start', {
      message: {
        ...identityOf(said),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 10, output_tokens: 1 },
        ...said.extra,
      },
    }),
    ...blocksOf(said).flatMap((block, index) => streamBlock(block, index, cut)),
    named('message_delta', { delta: endOf(said), usage: { output_tokens: 10 } }),
    named('message_stop', {}),
  ],
};

export const conversationOf = ({ model, turns, tools, extra }: SpokenRequest): object => ({
  model,
  ...(turns[0]?.kind === 'system' ? { system: turns[0].text } : {}),
  messages: turns.flatMap((turn, at) =>
    at === 0 && turn.kind === 'system' ? [] : [writeTurn(turn, countCalls(turns, at))],
  ),
  ...(tools.length === 0 ? {} : { tools: tools.map(writeTool) }),
  ...extra,
});

const identityOf = ({ model }: SpokenAnswer): object => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model,
});

const endOf = ({ calls }: SpokenAnswer): object => ({
  stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
  stop_sequence: null,
});

const named = (type: string, fields: object): WireEvent => ({ event: type, data: { type, ...fields } });

/** `calls` come before it. */
function writeTurn(turn: Turn, calls: number): object {
  switch (turn.kind) {
    case 'image':
      return { role: 'user', content: [{ type: 'image', source: sourceOf(turn.url) }] };
    case 'document':
      return { role: 'user', content: [{ type: 'document', source: plainSource(turn.text) }] };
    case 'call':
      return { role: 'assistant', content: [writeCall(turn, calls)] };
    case 'result':
      return {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: callIdOf(calls - 1), content: turn.text }],
      };
    default:
      return { role: turn.kind, content: turn.text };
  }
}

const plainSource = (data: string): object => ({ type: 'text', media_type: 'text/plain', data });

const DATA_URL = /^data:([^;,]+);base64,(.*)$/;

function sourceOf(url: string): object {
  const [, type, data] = DATA_URL.exec(url) ?? [];
  return data === undefined ? { type: 'url', url } : { type: 'base64', media_type: type, data };
}

const writeCall = ({ name, arguments: input }: Call, index: number): object => ({
  type: 'tool_use',
  id: callIdOf(index),
  name,
  input,
});

const writeTool = ({ name, description, parameters }: OfferedTool): object => ({
  name,
  description,
  input_schema: parameters,
});

/** A block as it stands in a whole answer, and as it begins and goes on in a stream. */
interface Block {
  readonly whole: object;
  readonly empty: object;
  readonly said: string;
  readonly delta: (piece: string) => object;
}

const blocksOf = ({ reasoning, text, calls }: SpokenAnswer): readonly Block[] => [
  ...(reasoning === '' ? [] : [thinkingBlock(reasoning)]),
  ...(text === '' ? [] : [textBlock(text)]),
  ...calls.map(callBlock),
];

const thinkingBlock = (said: string): Block => ({
  whole: { type: 'thinking', thinking: said },
  empty: { type: 'thinking', thinking: '' },
  said,
  delta: (thinking) => ({ type: 'thinking_delta', thinking }),
});

const textBlock = (said: string): Block => ({
  whole: { type: 'text', text: said },
  empty: { type: 'text', text: '' },
  said,
  delta: (text) => ({ type: 'text_delta', text }),
});

const callBlock = (call: Call, index: number): Block => ({
  whole: writeCall(call, index),
  empty: writeCall({ ...call, arguments: {} }, index),
  said: JSON.stringify(call.arguments),
  delta: (piece) => ({ type: 'input_json_delta', partial_json: piece }),
});

const streamBlock = ({ empty, said, delta }: Block, index: number, cut: Cut): readonly WireEvent[] => [
  named('content_block_start', { index, content_block: empty }),
  ...cut(said).map((piece) => named('content_block_delta', { index, delta: delta(piece) })),
  named('content_block_stop', { index }),
];
