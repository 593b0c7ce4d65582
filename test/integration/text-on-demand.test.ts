import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';

const POLICY = `# METADATA
# title: Order numbers stay inside
# description: Masks what looks like an order number, and refuses prompts about the merger.
# custom:
#   severity: high
package postern.policies.team.orders

import data.postern.lib.verdict

verdicts contains verdict.redact_spans("orders.masked", "Order numbers are masked.", spans) if count(spans) > 0

spans := [{"part": i, "start": found.start, "end": found.end} |
	some i, p in input.parts
	p.origin == "assistant"
	some found in postern.matches(p, \`ORD-[0-9]{4}\`)
]

deny contains "Not about the merger." if {
	some p in input.parts
	p.origin == "user"
	count(postern.contains_any(p, ["project bluebird", "the merger"])) > 0
}
`;

let llm: LlmServer;
let postern: Postern;

beforeAll(async () => {
  llm = await startLlm({ pauseMs: 1, chunkCharacters: 3 });
  postern = await startPostern({
    policies: { 'orders.rego': POLICY },
    upstreams: { openai: { provider: 'openai', url: llm.url } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await llm.close();
});

async function ask(content: string, stream: boolean): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content }] }),
  });
  return { status: answer.status, body: await answer.text() };
}

/** What a client makes of a whole answer or of the chunks of one. */
const textOf = (body: string): string =>
  [...body.matchAll(/"content":\s*"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text).join('');

describe('policies that look into texts', () => {
  it.each([false, true])(
    'mask what they found themselves, on answers whole and streamed: %j',
    async (stream) => {
      const { status, body } = await ask('Is ORD-1234 or ORD-99 on its way?', stream);
      expect(status).toBe(200);
      expect(textOf(body)).toContain('or ORD-99 on its way?');
      expect(textOf(body)).toMatch(/\[redacted:[a-z.]+\]/);
      expect(body).not.toContain('1234');
    },
  );

  it.each([false, true])('refuse what they found, spelled as it may be: %j', async (stream) => {
    const { status, body } = await ask('Write about P\u200broject BLUEB\u0456rd.', stream);
    expect([status, body]).toEqual([400, expect.stringContaining('Not about the merger.')]);
  });

  it('let everything else pass', async () => {
    expect(await ask('Tell me about birds.', true)).toMatchObject({ status: 200 });
  });
});
