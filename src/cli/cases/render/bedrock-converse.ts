// What is spoken in a case, as Bedrock's converse has it. The model, and whether it streams, stand in the path.
import type { Call, OfferedTool, SpokenAnswer, SpokenRequest, Turn } from '../case.ts';
import { callIdOf, countCalls, type Cut, type Renderer, type WireEvent } from './renderer.ts';

/** Images stand in the body or in S3: there are no words for a URL. */
export const bedrockConverse: Renderer = {
  lacks: new Set(['developer', 'image', 'n', 'refusal']),
  request: ({ turns, tools, limits, extra }) => ({
    ...writeSystem(turns),
    messages: turns.flatMap((turn, at) =>
      turn.kind === 'system' ? [] : [writeTurn(turn, countCalls(turns, at))],
    ),
    ...(tools.length === 0 ? {} : { toolConfig: { tools: tools.map(writeTool) } }),
    ...writeLimits(limits),
    ...extra,
  }),
  answer: (said) => ({
    output: { message: { role: 'assistant', content: blocksOf(said).map(({ whole }) => whole) } },
    ...endOf(said),
    ...ACCOUNT,
    ...said.extra,
  }),
  stream: (said, cut) => [
    { event: 'messageStart', data: { role: 'assistant' } },
    ...blocksOf(said).flatMap((block, index) => streamBlock(block, index, cut)),
    { event: 'messageStop', data: endOf(said) },
    { event: 'metadata', data: { ...ACCOUNT, ...said.extra } },
  ],
};

const ACCOUNT = { usage: { inputTokens: 10, outputTokens: 10, totalTokens: 20 }, metrics: { latencyMs: 1 } };

const endOf = ({ calls }: SpokenAnswer): object => ({
  stopReason: calls.length > 0 ? 'tool_use' : 'end_turn',
});

function writeSystem(turns: readonly Turn[]): object {
  const system = turns.flatMap((turn) => (turn.kind === 'system' ? [{ text: turn.text }] : []));
  return system.length === 0 ? {} : { system };
}

/** `calls` come before it. */
function writeTurn(turn: Turn, calls: number): object {
  switch (turn.kind) {
    case 'document':
      return { role: 'user', content: [{ document: { name: 'document', source: { text: turn.text } } }] };
    case 'call':
      return { role: 'assistant', content: [{ toolUse: writeCall(turn, calls) }] };
    case 'result':
      return { role: 'user', content: [writeResult(turn.text, calls - 1)] };
    default:
      return { role: turn.kind, content: 'text' in turn ? [{ text: turn.text }] : [] };
  }
}

const identityOf = ({ name }: Call, index: number): object => ({ toolUseId: callIdOf(index), name });

const writeCall = (call: Call, index: number): object => ({
  ...identityOf(call, index),
  input: call.arguments,
});

const writeResult = (text: string, index: number): object => ({
  toolResult: { toolUseId: callIdOf(index), content: [{ text }] },
});

const writeTool = ({ name, description, parameters }: OfferedTool): object => ({
  toolSpec: { name, description, inputSchema: { json: parameters } },
});

const writeLimits = ({ max_output_tokens: maxTokens }: SpokenRequest['limits']): object =>
  maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } };

/** A block as it stands in a whole answer, and as it begins and goes on in a stream. */
interface Block {
  readonly whole: object;
  /** Texts begin with their first piece. */
  readonly start: object | null;
  readonly said: string;
  readonly delta: (piece: string) => object;
}

const blocksOf = ({ reasoning, text, calls }: SpokenAnswer): readonly Block[] => [
  ...(reasoning === '' ? [] : [reasoningBlock(reasoning)]),
  ...(text === '' ? [] : [textBlock(text)]),
  ...calls.map(callBlock),
];

const reasoningBlock = (said: string): Block => ({
  whole: { reasoningContent: { reasoningText: { text: said } } },
  start: null,
  said,
  delta: (text) => ({ reasoningContent: { text } }),
});

const textBlock = (said: string): Block => ({
  whole: { text: said },
  start: null,
  said,
  delta: (text) => ({ text }),
});

const callBlock = (call: Call, index: number): Block => ({
  whole: { toolUse: writeCall(call, index) },
  start: { toolUse: identityOf(call, index) },
  said: JSON.stringify(call.arguments),
  delta: (input) => ({ toolUse: { input } }),
});

function streamBlock(
  { start, said, delta }: Block,
  contentBlockIndex: number,
  cut: Cut,
): readonly WireEvent[] {
  const write = (name: string, fields: object): WireEvent => ({
    event: `contentBlock${name}`,
    data: { contentBlockIndex, ...fields },
  });
  return [
    ...(start === null ? [] : [write('Start', { start })]),
    ...cut(said).map((piece) => write('Delta', { delta: delta(piece) })),
    write('Stop', {}),
  ];
}
