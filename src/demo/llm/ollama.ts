// A call of Ollama's chat or generate in; the reply as Ollama gives it, whole or line by line, out.
import { answer, type Answer, type Conversation } from './model.ts';
import { countTokens, parseBody, splitText, type Call, type Reply } from './reply.ts';

interface Message {
  readonly role: string;
  readonly content?: string;
}

interface OllamaRequest {
  readonly model: string;
  readonly stream?: boolean | null;
  readonly messages?: readonly Message[];
  readonly prompt?: string;
  readonly system?: string;
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters?: unknown } }[];
}

export const answerOllamaChat = (call: Call): Reply => reply(call, sayInChat);
export const answerOllamaGenerate = (call: Call): Reply => reply(call, (text) => ({ response: text }));

type Say = (text: string, calls: readonly object[]) => object;

const sayInChat: Say = (content, calls) => ({
  message: { role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls }) },
});

function reply(call: Call, say: Say): Reply {
  const request = parseBody(call.body) as OllamaRequest | undefined;
  if (typeof request?.model !== 'string')
    return { kind: 'json', status: 400, headers: HEADERS, body: { error: 'model is required' } };
  const said = answer(readConversation(request, call.serial));
  const lines = linesOf(request.model, { said, say, size: call.chunkCharacters });
  if (request.stream !== false)
    return {
      kind: 'stream',
      headers: { ...HEADERS, 'content-type': 'application/x-ndjson' },
      frames: lines.map((line) => `${JSON.stringify(line)}\n`),
    };
  const body = { ...lineOf(request.model, say(said.text, callsOf(said))), ...endOf(said) };
  return { kind: 'json', status: 200, headers: HEADERS, body };
}

const HEADERS = { server: 'weak-models' };

function readConversation(
  { messages = [], prompt = '', system = '', tools = [] }: OllamaRequest,
  received: number,
): Conversation {
  const latest = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  const told = messages.flatMap(({ role, content = '' }) => (role === 'system' ? [content] : []));
  return {
    system: [system, ...told].join('\n').trim(),
    latest: [prompt, ...latest.flatMap(({ role, content = '' }) => (role === 'system' ? [] : [content]))]
      .join('\n')
      .trim(),
    isToolResult: latest.some(({ role }) => role === 'tool'),
    tools: tools.map(({ function: { name, parameters } }) => ({ name, parameters })),
    received,
  };
}

interface Telling {
  readonly said: Answer;
  readonly say: Say;
  readonly size: number;
}

/** Text comes piecemeal, calls come whole. */
const linesOf = (model: string, { said, say, size }: Telling): object[] => [
  ...splitText(said.text, size).map((piece) => lineOf(model, say(piece, []))),
  ...callsOf(said).map((called) => lineOf(model, say('', [called]))),
  { ...lineOf(model, say('', [])), ...endOf(said) },
];

const lineOf = (model: string, said: object): object => ({
  model,
  created_at: new Date().toISOString(),
  ...said,
  done: false,
});

const callsOf = ({ calls }: Answer): object[] =>
  calls.map(({ name, arguments: values }) => ({ function: { name, arguments: values } }));

const endOf = ({ text }: Answer): object => ({
  done: true,
  done_reason: 'stop',
  total_duration: 1_000_000,
  prompt_eval_count: 10,
  eval_count: countTokens(text),
});
