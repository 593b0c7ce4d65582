// Anthropic's SDK: messages, and the helper that carries out tools.
import Anthropic from '@anthropic-ai/sdk';
import { KEY, SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

const clientOf = ({ base }: Question): Anthropic =>
  new Anthropic({ baseURL: `${base}/anthropic`, apiKey: KEY });

const DEFINITION = { name: TOOL, input_schema: SCHEMA };

const messageOf = ({ prompt, tool }: Question) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 500,
  messages: [{ role: 'user' as const, content: prompt }],
  ...(tool ? { tools: [DEFINITION] } : {}),
});

interface Message {
  readonly content: ReadonlyArray<{
    readonly type: string;
    readonly text?: string;
    readonly name?: string;
    readonly input?: unknown;
  }>;
  readonly stop_reason: string | null;
}

const heardMessage = ({ content, stop_reason: finish }: Message): Heard => ({
  text: content.map(({ type, text }) => (type === 'text' ? text : '')).join(''),
  finish,
  calls: content.flatMap(({ type, name = '', input }): HeardCall[] =>
    type === 'tool_use' ? [[name, JSON.stringify(input)]] : [],
  ),
});

export async function askMessages(question: Question): Promise<Heard> {
  const { messages } = clientOf(question);
  if (!question.stream) return heardMessage(await messages.create(messageOf(question)));
  const stream = messages.stream(messageOf(question));
  const begun: HeardCall[] = [];
  stream.on('inputJson', (part) => begun.push([TOOL, part]));
  const heard = heardMessage(await stream.finalMessage());
  return { ...heard, calls: heard.calls?.length === 0 ? begun : (heard.calls ?? []) };
}

export async function askMessagesTools(question: Question): Promise<Heard> {
  const ran: HeardCall[] = [];
  const tool = {
    type: 'custom' as const,
    ...DEFINITION,
    parse: (values: unknown) => values,
    run: (values: unknown): string => {
      ran.push([TOOL, JSON.stringify(values)]);
      return 'Done.';
    },
  };
  const asked = { ...messageOf(question), tools: [tool] };
  const { messages } = clientOf(question).beta;
  const runner = question.stream
    ? messages.toolRunner({ ...asked, stream: true })
    : messages.toolRunner({ ...asked, stream: false });
  const heard = heardMessage(await runner.runUntilDone());
  return { ...heard, calls: ran, ran };
}
