// A call of Bedrock's converse in; the reply as AWS gives it, whole or as an event stream, out.
import type { OutgoingHttpHeaders } from 'node:http';
import { promptText, readConverse, type ConverseRequest } from './bedrock-request.ts';
import { eventMessage } from './eventstream.ts';
import { answer, type Answer } from './model.ts';
import { countTokens, createId, parseBody, splitText, type Call, type Reply } from './reply.ts';

export function answerConverse(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return asked.reply;
  const { said } = asked;
  const content = [...(said.text === '' ? [] : [{ text: said.text }]), ...callsOf(asked).map(wholeCall)];
  const message = { role: 'assistant', content };
  return reply(asked.call, 200, { output: { message }, ...endOf(said), ...accountOf(asked) });
}

export function answerConverseStream(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return asked.reply;
  return {
    kind: 'stream',
    headers: { ...headersOf(call), 'content-type': 'application/vnd.amazon.eventstream' },
    frames: eventsOf(asked).map(([type, fields], index) =>
      eventMessage(type, JSON.stringify({ ...fields, p: paddingOf(index) })),
    ),
  };
}

const headersOf = ({ serial }: Call): OutgoingHttpHeaders => ({
  'x-amzn-requestid': createId('', serial),
  server: 'weak-models',
});

const reply = (call: Call, status: number, body: object): Reply => ({
  kind: 'json',
  status,
  headers: headersOf(call),
  body,
});

/** The type of an exception stands in a header alone. */
function refuse(call: Call, status: number, [type, message]: readonly [string, string]): Reply {
  return {
    kind: 'json',
    status,
    headers: { ...headersOf(call), 'x-amzn-errortype': `${type}:http://internal.amazon.com/` },
    body: { message },
  };
}

interface Asked {
  readonly kind: 'asked';
  readonly call: Call;
  readonly request: ConverseRequest;
  readonly said: Answer;
}

function readCall(call: Call): Asked | { readonly kind: 'refused'; readonly reply: Reply } {
  if (call.headers.authorization === undefined) {
    const missing = ['MissingAuthenticationTokenException', 'Missing Authentication Token'] as const;
    return { kind: 'refused', reply: refuse(call, 403, missing) };
  }
  const request = parseBody(call.body) as Partial<ConverseRequest> | null | undefined;
  if (!Array.isArray(request?.messages)) {
    const invalid = ['ValidationException', 'messages: a conversation must start with a message'] as const;
    return { kind: 'refused', reply: refuse(call, 400, invalid) };
  }
  const understood = request as ConverseRequest;
  return { kind: 'asked', call, request: understood, said: answer(readConverse(understood, call.serial)) };
}

interface ToolUse {
  readonly toolUseId: string;
  readonly name: string;
  readonly input: object;
}

const callsOf = ({ call, said }: Asked): ToolUse[] =>
  said.calls.map(({ name, arguments: input }, index) => ({
    toolUseId: createId('tooluse_', call.serial * 100 + index),
    name,
    input,
  }));

const wholeCall = (toolUse: ToolUse): object => ({ toolUse });

const endOf = ({ calls }: Answer): object => ({ stopReason: calls.length > 0 ? 'tool_use' : 'end_turn' });

function accountOf({ request, said }: Asked): object {
  const inputTokens = countTokens(promptText(request));
  const outputTokens = countTokens(said.text + said.calls.map(({ name }) => name).join(''));
  return {
    usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    metrics: { latencyMs: 100 },
  };
}

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const paddingOf = (index: number): string => PADDING.slice(0, 1 + ((index * 7) % PADDING.length));

type Event = readonly [type: string, fields: object];

function eventsOf(asked: Asked): readonly Event[] {
  const { said, call } = asked;
  const pieces = (text: string): string[] => splitText(text, call.chunkCharacters);
  const texts = pieces(said.text).map((text) => ({ text }));
  return [
    ['messageStart', { role: 'assistant' }],
    ...(texts.length === 0 ? [] : blockEvents(0, null, texts)),
    ...callsOf(asked).flatMap(({ input, ...toolUse }, index) => {
      const inputs = pieces(JSON.stringify(input)).map((piece) => ({ toolUse: { input: piece } }));
      return blockEvents(index + Math.min(1, texts.length), { toolUse }, inputs);
    }),
    ['messageStop', endOf(said)],
    ['metadata', accountOf(asked)],
  ];
}

/** Blocks of text begin with their first piece. */
const blockEvents = (
  contentBlockIndex: number,
  start: object | null,
  deltas: readonly object[],
): readonly Event[] => [
  ...(start === null ? [] : [['contentBlockStart', { contentBlockIndex, start }] as const]),
  ...deltas.map((delta) => ['contentBlockDelta', { contentBlockIndex, delta }] as const),
  ['contentBlockStop', { contentBlockIndex }],
];
