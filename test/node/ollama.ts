// Ollama's SDK.
import { Ollama, type ChatResponse } from 'ollama';
import { SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

export async function askOllama({ base, prompt, stream, tool }: Question): Promise<Heard> {
  const client = new Ollama({ host: `${base}/ollama` });
  const asked = {
    model: 'llama3',
    messages: [{ role: 'user', content: prompt }],
    ...(tool
      ? { tools: [{ type: 'function', function: { name: TOOL, description: '', parameters: SCHEMA } }] }
      : {}),
  };
  const parts: ChatResponse[] = [];
  if (stream) for await (const part of await client.chat({ ...asked, stream: true })) parts.push(part);
  else parts.push(await client.chat({ ...asked, stream: false }));
  return {
    text: parts.map(({ message }) => message.content).join(''),
    finish: parts.at(-1)?.done_reason ?? null,
    calls: parts.flatMap(({ message }) =>
      (message.tool_calls ?? []).map(({ function: called }): HeardCall => [
        called.name,
        JSON.stringify(called.arguments),
      ]),
    ),
  };
}
