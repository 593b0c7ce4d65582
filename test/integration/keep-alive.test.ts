// A stream of which nothing may go for long: comments, and pings where a client knows them, until it goes.
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';

const PATTERNS = '- { id: team.word, literal: bluebird, origins: [assistant], stream: strict }\n';

let llm: LlmServer;
let postern: Postern;

beforeAll(async () => {
  llm = await startLlm({ chunkCharacters: 3, pauseMs: 20 });
  postern = await startPostern({
    policies: { 'config.json': '{}', 'patterns.yaml': PATTERNS },
    upstreams: {
      openai: { provider: 'openai', url: llm.url },
      anthropic: { provider: 'anthropic', url: llm.url },
    },
    settings: { limits: { keep_alive_ms: 30 } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await llm.close();
});

const messages = [{ role: 'user' as const, content: 'Please count to 20.' }];
const COUNTED = Array.from({ length: 20 }, (_, index) => index + 1).join(' ');

async function readRaw(path: string, body: object): Promise<string[]> {
  const answer = await fetch(`${postern.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer k',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({ ...body, messages, stream: true }),
  });
  return (await answer.text()).split('\n\n');
}

describe('a caller for whom nothing comes', () => {
  it('is sent comments, each between two events', async () => {
    const events = await readRaw('/openai/v1/chat/completions', { model: 'gpt-4o' });
    const others = events.slice(0, -1).filter((event) => !event.startsWith('data: '));
    expect(new Set(others)).toEqual(new Set([': keep-alive']));
    expect(events.at(-2)).toBe('data: [DONE]');
  });

  it('is sent pings by Anthropic’s manners, none before the message starts', async () => {
    const events = await readRaw('/anthropic/v1/messages', { model: 'claude', max_tokens: 99 });
    const names = events.map((event) => /^event: (\w+)/.exec(event)?.[1] ?? event);
    const start = names.indexOf('message_start');
    expect(names.slice(0, start).filter((name) => name !== ': keep-alive')).toEqual([]);
    // One is the upstream's own.
    expect(names.slice(start).filter((name) => name === 'ping').length).toBeGreaterThan(1);
    expect(names.slice(start)).not.toContain(': keep-alive');
    expect(names.lastIndexOf('ping')).toBeLessThan(names.indexOf('message_delta'));
  });

  it('does not mistake them, if it is an SDK', async () => {
    const openai = new OpenAI({ baseURL: `${postern.url}/openai/v1`, apiKey: 'k' });
    const anthropic = new Anthropic({ baseURL: `${postern.url}/anthropic`, apiKey: 'k' });
    const chat = await openai.chat.completions.stream({ model: 'gpt-4o', messages }).finalContent();
    const said = await anthropic.messages.stream({ model: 'claude', max_tokens: 99, messages }).finalText();
    expect([chat, said]).toEqual([COUNTED, COUNTED]);
  });
});
