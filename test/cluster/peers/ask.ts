// A question in (`ask.ts [--stream] <text>`); what the official SDK makes of the answer, as one line of JSON, out.
import OpenAI, { APIError } from 'openai';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { stream: { type: 'boolean' } },
  allowPositionals: true,
});

let attempts = 0;
const client = new OpenAI({
  fetch: (url, init) => {
    attempts += 1;
    return fetch(url, init);
  },
});

const question = {
  model: 'gpt-5',
  messages: [{ role: 'user' as const, content: positionals.join(' ') }],
};

async function ask(): Promise<string | null | undefined> {
  if (values.stream !== true) {
    const answer = await client.chat.completions.create(question);
    return answer.choices[0]?.message.content;
  }
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  return text;
}

async function answerOrError(): Promise<object> {
  try {
    return { kind: 'answer', text: await ask(), attempts };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const { code, message } = error;
    const status: unknown = error.status;
    return { kind: 'error', name: error.constructor.name, status, code, message, attempts };
  }
}

process.stdout.write(`${JSON.stringify(await answerOrError())}\n`);
