// How streams wait is the policies' to say: a phrase that may lag is cut when it is found, and the log says what had gone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';

const SECRET = 'bluebird lands at dawn';
const PROSE = 'A quiet morning in the harbour. '.repeat(9);

let llm: LlmServer;
let postern: Postern;

beforeAll(async () => {
  llm = await startLlm({ chunkCharacters: 3, pauseMs: 3 });
  postern = await startPostern({
    policies: {
      'patterns.yaml': `- { id: team.secret, literal: ${SECRET}, origins: [assistant], stream: lag 9 }\n`,
      'detectors.yaml': ['code', 'entropy', 'invisible', 'secrets']
        .map((name) => `${name}: { stream: lag 9 }\n`)
        .join(''),
      'own.rego': `package postern.policies.own.secret

deny contains "This is not for you." if {
	input.phase == "response"
	some finding in input.findings
	finding.code == "team.secret"
}
`,
    },
    upstreams: { openai: { provider: 'openai', url: llm.url } },
    settings: { audit: { file: '$FOLDER/audit.jsonl' } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await llm.close();
});

async function hear(content: string): Promise<{ text: string; finish: string | undefined }> {
  const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content }] }),
  });
  const chunks = (await answer.text())
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)) as Chunk);
  const choices = chunks.flatMap((chunk) => chunk.choices);
  return {
    text: choices.map(({ delta }) => delta.content ?? '').join(''),
    finish: choices.at(-1)?.finish_reason ?? undefined,
  };
}

interface Chunk {
  readonly choices: ReadonlyArray<{
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
  }>;
}

describe('a phrase that may lag', () => {
  it('is cut when it is found, and the log says how much of it had gone', async () => {
    const { text, finish } = await hear(`${PROSE}${SECRET}, and nobody knows.`);
    expect(finish).toBe('content_filter');
    // How much comes at once is the network's to say, and so whether anything goes before the finding.
    const start = `You said: ${PROSE}`;
    expect(`${start}${SECRET.slice(0, 9)}`).toContain(text);
    const lines = readFileSync(join(postern.folder, 'audit.jsonl'), 'utf8').trim().split('\n');
    const { input } = JSON.parse(lines.at(-1) ?? '') as { input: { findings: string[]; shown?: number } };
    expect(input.findings).toEqual(['team.secret']);
    expect(input.shown ?? 0).toBe(Math.max(0, text.length - start.length));
  });

  it('does not lag at the beginning of an answer', async () => {
    const { text, finish } = await hear(`${SECRET}, and nobody knows.`);
    expect([text.includes('blue'), finish]).toEqual([false, 'content_filter']);
  });
});
