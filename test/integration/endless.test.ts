import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';

const POLICY = `package postern.policies.team.models

deny contains "Not this one." if input.model == "unwanted"

deny contains "Never said." if {
	input.model == "endless"
	some a in numbers.range(1, 3000)
	some b in numbers.range(1, 3000)
	a + b < 0
}
`;

let llm: LlmServer;
let postern: Postern;

beforeAll(async () => {
  llm = await startLlm({ pauseMs: 5 });
  postern = await startPostern({
    policies: { 'models.rego': POLICY },
    upstreams: { openai: { provider: 'openai', url: llm.url } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await llm.close();
});

interface Told {
  readonly status: number;
  readonly body: string;
}

async function ask(model: string, stream = false): Promise<Told> {
  const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello.' }] }),
  });
  return { status: answer.status, body: await answer.text() };
}

describe('a policy that would not end', () => {
  it('refuses its exchange with a code of its own; all others at that time are decided rightly', async () => {
    const rounds = Array.from({ length: 8 }, async () =>
      Promise.all([ask('endless'), ask('gpt-4o'), ask('unwanted'), ask('gpt-4o', true)]),
    );
    for (const [endless, fine, unwanted, streamed] of await Promise.all(rounds)) {
      expect([endless.status, endless.body]).toEqual([503, expect.stringContaining('postern_e_policy_fuel')]);
      expect([fine.status, fine.body]).toEqual([200, expect.stringContaining('"finish_reason"')]);
      expect([unwanted.status, unwanted.body]).toEqual([400, expect.stringContaining('Not this one.')]);
      expect([streamed.status, streamed.body]).toEqual([200, expect.stringContaining('data: [DONE]')]);
    }
  });
});
