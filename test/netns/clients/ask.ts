// Asks the provider twice, as an application would: prints the status of each answer. The library is named by the first argument.
import { APIError, OpenAI } from 'openai';
import { fetch as undiciFetch } from 'undici';

const URL = 'https://api.openai.com/v1/chat/completions';

type Ask = (content: string) => Promise<number>;

const bodyOf = (content: string) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
});

const init = (content: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
  body: JSON.stringify(bodyOf(content)),
});

const CLIENTS: Readonly<Record<string, Ask>> = {
  fetch: async (content) => (await fetch(URL, init(content))).status,
  undici: async (content) => (await undiciFetch(URL, init(content))).status,
  openai: async (content) => {
    try {
      await new OpenAI({ apiKey: 'k', baseURL: 'https://api.openai.com/v1' }).chat.completions.create(
        bodyOf(content),
      );
      return 200;
    } catch (error) {
      if (error instanceof APIError && typeof error.status === 'number') return error.status;
      throw error;
    }
  },
};

const ask = CLIENTS[process.argv[2] ?? ''];
if (ask === undefined) throw new Error('no such client');
const statuses = [await ask('Hello.'), await ask(process.env['MARK'] ?? '')];
process.stdout.write(`${statuses.join(' ')}\n`);
process.exit();
