import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';

const policy = (name: string): string =>
  `package postern.policies.team.${name}\n\ndeny contains "Not gpt-4o." if input.model == "gpt-4o"\n`;
const MODES = `policies: {team.loud: warn, team.quiet: audit, team.strict: audit}
namespaces: {production: {team.strict: enforce}}
`;

let llm: LlmServer;
let [staging, production]: Postern[] = [];

beforeAll(async () => {
  llm = await startLlm({});
  const start = (namespace: string): Promise<Postern> =>
    startPostern({
      policies: {
        'loud.rego': policy('loud'),
        'quiet.rego': policy('quiet'),
        'strict.rego': policy('strict'),
        'modes.yaml': MODES,
      },
      upstreams: { openai: { provider: 'openai', url: llm.url } },
      env: { POSTERN__POLICY__NAMESPACE: namespace },
    });
  [staging, production] = [await start('staging'), await start('production')];
});
afterAll(async () => {
  await staging?.[Symbol.asyncDispose]();
  await production?.[Symbol.asyncDispose]();
  await llm.close();
});

const ask = (postern: Postern | undefined): Promise<Response> =>
  fetch(`${postern?.url ?? ''}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello.' }] }),
  });

describe('modes of policies', () => {
  it('tell the caller what a policy in warn says, and keep to themselves what one in audit says', async () => {
    const answer = await ask(staging);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-postern-warning')).toBe('team.loud.deny');
  });

  it('differ by the namespace that the sidecar is in', async () => {
    expect((await ask(production)).status).not.toBe(200);
  });
});
