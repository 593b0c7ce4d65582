// A target and an answer in; when each piece of it was said, and when it was heard, out.
import { request, type Agent } from 'node:http';
import type { Dialect, Answer } from './answers.ts';

/** In milliseconds since the question. */
export interface Heard {
  readonly said: readonly number[];
  readonly heard: readonly number[];
}

export interface Question {
  readonly url: string;
  /** Where the model tells when it said what. */
  readonly timesUrl: string;
  readonly dialect: Dialect;
  readonly pieces: number;
  readonly answer: Answer;
  readonly agent: Agent;
}

interface Arrival {
  readonly ns: bigint;
  readonly bytes: number;
}

/** @throws when not the very bytes arrive that were said: the figures would mean nothing. */
export async function listen(question: Question): Promise<Heard> {
  const { answer, timesUrl } = question;
  const askedNs = process.hrtime.bigint();
  const arrivals = await ask(question);
  const said = (await (await fetch(timesUrl)).json()) as string[];
  const sinceAsked = (ns: bigint): number => Number(ns - askedNs) / 1e6;
  let end = 0;
  let next = 0;
  const heard = answer.frames.map((frame) => {
    end += frame.length;
    while ((arrivals[next]?.bytes ?? Number.NaN) < end) next += 1;
    return sinceAsked(arrivals[next]?.ns ?? 0n);
  });
  return { said: said.map((ns) => sinceAsked(BigInt(ns))), heard };
}

function ask({ url, dialect, pieces, answer, agent }: Question): Promise<Arrival[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Arrival[]>();
  const body = JSON.stringify(BODIES[dialect](`bench-${pieces}`));
  const headers = { ...HEADERS[dialect], 'content-length': Buffer.byteLength(body) };
  const call = request(url, { method: 'POST', agent, headers }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`${url}: status ${response.statusCode}`));
    const arrivals: Arrival[] = [];
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      arrivals.push({ ns: process.hrtime.bigint(), bytes });
      chunks.push(chunk);
    });
    response.once('error', reject);
    response.once('end', () => {
      if (Buffer.concat(chunks).equals(Buffer.concat(answer.frames))) resolve(arrivals);
      else reject(new Error(`${url}: other bytes than were said: ${Buffer.concat(chunks).toString()}`));
    });
  });
  call.once('error', reject).end(body);
  return promise;
}

const QUESTION = 'Where is my parcel? It was promised for Tuesday. '.repeat(17);
const MESSAGES = [{ role: 'user', content: QUESTION }];
const PARAMETERS = { type: 'object', properties: { parcel: { type: 'string' } } };
const NAMED = { name: 'move_parcel', description: 'Brings a parcel on another day.' };

const BODIES: Readonly<Record<Dialect, (model: string) => object>> = {
  'openai-chat': (model) => ({
    model,
    stream: true,
    messages: MESSAGES,
    tools: [{ type: 'function', function: { ...NAMED, parameters: PARAMETERS } }],
  }),
  'openai-responses': (model) => ({
    model,
    stream: true,
    input: QUESTION,
    tools: [{ type: 'function', ...NAMED, parameters: PARAMETERS }],
  }),
  'anthropic-messages': (model) => ({
    model,
    stream: true,
    max_tokens: 1_024,
    messages: MESSAGES,
    tools: [{ ...NAMED, input_schema: PARAMETERS }],
  }),
};

const OPENAI = { 'content-type': 'application/json', authorization: 'Bearer bench-key' };

const HEADERS: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  'openai-chat': OPENAI,
  'openai-responses': OPENAI,
  'anthropic-messages': {
    'content-type': 'application/json',
    'x-api-key': 'bench-key',
    'anthropic-version': '2023-06-01',
  },
};
