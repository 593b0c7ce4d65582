// OpenAI's SDK: chat and responses, with and without its helpers for streams and tools.
import OpenAI from 'openai';
import type { RunnableToolFunctionWithoutParse } from 'openai/lib/RunnableFunction';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { KEY, SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

const clientOf = ({ base }: Question): OpenAI => new OpenAI({ baseURL: `${base}/openai/v1`, apiKey: KEY });

const FUNCTION = { name: TOOL, parameters: SCHEMA };

const chatOf = ({ prompt, tool }: Question) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content: prompt }],
  ...(tool ? { tools: [{ type: 'function' as const, function: FUNCTION }] } : {}),
});

const heardChoice = ({ message, finish_reason: finish }: OpenAI.ChatCompletion.Choice): Heard => ({
  text: message.content ?? '',
  refusal: message.refusal,
  finish,
  calls: (message.tool_calls ?? []).flatMap((call): HeardCall[] =>
    call.type === 'function' ? [[call.function.name, call.function.arguments]] : [],
  ),
});

export async function askChat(question: Question): Promise<Heard> {
  const { completions } = clientOf(question).chat;
  if (!question.stream) return heardChoice((await completions.create(chatOf(question))).choices[0]!);
  const heard: HeardStream = { text: '', finish: null, calls: [] };
  for await (const { choices } of await completions.create({ ...chatOf(question), stream: true }))
    for (const choice of choices) hearChunk(choice, heard);
  return heard;
}

interface HeardStream {
  text: string;
  finish: string | null;
  readonly calls: [string, string][];
}

function hearChunk(
  { delta, finish_reason: reason }: OpenAI.ChatCompletionChunk.Choice,
  heard: HeardStream,
): void {
  heard.text += delta.content ?? '';
  heard.finish = reason ?? heard.finish;
  for (const { index, function: called } of delta.tool_calls ?? []) {
    const known = (heard.calls[index] ??= ['', '']);
    known[0] += called?.name ?? '';
    known[1] += called?.arguments ?? '';
  }
}

/** The helper that puts a stream together, every event of which is watched for a call. */
export async function askChatHelper(question: Question): Promise<Heard> {
  const stream = clientOf(question).chat.completions.stream(chatOf(question));
  const begun: HeardCall[] = [];
  stream.on('tool_calls.function.arguments.delta', ({ name, arguments: values }) =>
    begun.push([name, values]),
  );
  const heard = heardChoice((await stream.finalChatCompletion()).choices[0]!);
  return { ...heard, calls: heard.calls?.length === 0 ? begun : (heard.calls ?? []) };
}

/** The helper that calls tools and hands their results to the model, until it is done. */
export async function askChatTools(question: Question): Promise<Heard> {
  const ran: HeardCall[] = [];
  const carryOut = (values: string): string => {
    ran.push([TOOL, values]);
    return 'Done.';
  };
  const tools: RunnableToolFunctionWithoutParse[] = [
    { type: 'function', function: { ...FUNCTION, description: '', function: carryOut } },
  ];
  const { completions } = clientOf(question).chat;
  const asked = { ...chatOf(question), tools };
  const runner = question.stream
    ? completions.runTools({ ...asked, stream: true })
    : completions.runTools({ ...asked });
  const heard = heardChoice((await runner.finalChatCompletion()).choices[0]!);
  return { ...heard, calls: ran, ran };
}

const heardResponse = (response: Response): Heard => ({
  text: response.output_text,
  finish: response.incomplete_details?.reason ?? response.status ?? null,
  calls: response.output.flatMap((item): HeardCall[] =>
    item.type === 'function_call' ? [[item.name, item.arguments]] : [],
  ),
});

const responseOf = ({ prompt, tool }: Question) => ({
  model: 'gpt-5.1',
  input: prompt,
  ...(tool ? { tools: [{ type: 'function' as const, strict: false, ...FUNCTION }] } : {}),
});

export async function askResponses(question: Question): Promise<Heard> {
  const { responses } = clientOf(question);
  if (!question.stream) return heardResponse(await responses.create(responseOf(question)));
  const heard: HeardStream = { text: '', finish: null, calls: [] };
  for await (const event of await responses.create({ ...responseOf(question), stream: true }))
    hearEvent(event, heard);
  return heard;
}

function hearEvent(event: ResponseStreamEvent, heard: HeardStream): void {
  if (event.type === 'response.output_text.delta') heard.text += event.delta;
  if (event.type === 'response.output_item.added' && event.item.type === 'function_call')
    heard.calls.push([event.item.name, '']);
  if (event.type === 'response.function_call_arguments.delta')
    (heard.calls.at(-1) ?? ['', ''])[1] += event.delta;
  if (event.type === 'response.completed' || event.type === 'response.incomplete')
    heard.finish = heardResponse(event.response).finish ?? null;
}

export const askResponsesHelper = async (question: Question): Promise<Heard> =>
  heardResponse(await clientOf(question).responses.stream(responseOf(question)).finalResponse());
