// A candidate beside the policies in force: asked about every exchange, never obeyed, harmless when it is bad.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../../src/demo/otlp/index.ts';
import { verifyAuditLog } from '../../src/gate/record/index.ts';
import { aBundle, compileWasm } from '../support/bundles.ts';
import { startPostern, type Postern } from '../support/postern.ts';
import { until } from '../support/until.ts';

const POLICY = `package postern.policies.team.models

deny contains "Not gpt-4o." if input.model == "gpt-4o"

deny contains {"msg": "No birds.", "code": "team.birds"} if {
	some finding in input.findings
	finding.code == "team.bird"
}
`;
const PATTERNS = '- {id: team.bird, literal: bluebird, severity: high}';
const BROKEN = 'package postern.main\nresult := {"test.policy": {"deny": set()}} if input.model != "gpt-4o"';
const CANARY = 'canary-content-91c2';
const LONG = `A letter about ${CANARY}. `.repeat(20);

interface CandidateStatus {
  readonly digest: string | null;
  readonly state: string;
  readonly failure: { readonly issues: readonly object[] } | null;
  readonly sides: Readonly<Record<string, number>>;
  readonly differences: readonly object[];
}

let [llm, otlp, postern]: [LlmServer?, OtlpReceiver?, Postern?] = [];
beforeAll(async () => {
  llm = await startLlm();
  otlp = await startOtlpReceiver();
  postern = await startPostern({
    policies: { 'config.json': '{"max_user_length": 100}' },
    upstreams: { openai: { provider: 'openai', url: llm.url } },
    settings: {
      policy: { directory: '$FOLDER/policies', candidate: { directory: '$FOLDER/candidate' } },
      audit: { file: '$FOLDER/audit.jsonl' },
      telemetry: { otlp: otlp.url },
    },
  });
}, 60_000);
afterAll(async () => {
  await postern?.[Symbol.asyncDispose]();
  await otlp?.close();
  await llm?.close();
});

const ask = async (content: string, { model = 'gpt-4o-mini', stream = false } = {}): Promise<number> => {
  const answer = await fetch(`${postern?.url ?? ''}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content }] }),
  });
  await answer.text();
  return answer.status;
};

const read = async (): Promise<CandidateStatus> => {
  const answer = await fetch(`${postern?.admin ?? ''}/status`);
  return ((await answer.json()) as { candidate: CandidateStatus }).candidate;
};

/** Turned whole, as a mounted directory is. */
async function mount(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  const folder = join(postern?.folder ?? '', 'candidate');
  await mkdir(`${folder}.new`);
  for (const [name, text] of Object.entries(files)) await writeFile(join(`${folder}.new`, name), text);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}.new`, folder);
}

async function compared(files: Parameters<typeof mount>[0]): Promise<void> {
  const { digest } = await read();
  await mount(files);
  await until('the candidate is compared', async () => ((await read()).digest ?? digest) !== digest);
}

const counted = (sides: CandidateStatus['sides']): Promise<void> =>
  until('the sides are counted', async () => {
    expect((await read()).sides).toEqual(sides);
    return true;
  });

describe('a candidate', () => {
  it('that is absent changes nothing but its own status', async () => {
    await until('the failure', async () => (await read()).failure !== null);
    expect(await read()).toMatchObject({ digest: null, state: 'empty', sides: {}, differences: [] });
    expect([await ask('Hello.'), await ask(LONG)]).toEqual([200, 400]);
    expect((await fetch(`${postern?.admin ?? ''}/readyz`)).status).toBe(200);
  });

  it('is asked about both sides of every exchange, streams too, and never obeyed', async () => {
    await compared({
      'models.rego': POLICY,
      'patterns.yaml': PATTERNS,
      'config.json': '{"max_user_length": 10000}',
    });
    expect(await ask('Hello.', { model: 'gpt-4o' })).toBe(200);
    expect(await ask('Hello.', { stream: true })).toBe(200);
    expect(await ask('About the bluebird.', { stream: true })).toBe(200);
    expect(await ask(LONG)).toBe(400);
    expect(await ask(LONG, { model: 'gpt-4o' })).toBe(400);
    await until(
      'all are compared',
      async () => Object.values((await read()).sides).reduce((sum, count) => sum + count, 0) === 8,
    );
    const { sides, differences } = await read();
    expect(sides).toMatchObject({ newly_denied: expect.any(Number), newly_allowed: 1, other_reasons: 1 });
    expect(differences).toEqual(
      expect.arrayContaining([
        {
          policy: 'team.models',
          code: 'team.models.deny',
          change: 'newly_denied',
          count: expect.any(Number),
        },
        { policy: 'team.models', code: 'team.birds', change: 'newly_denied', count: expect.any(Number) },
        { policy: 'length.limit', code: 'length.user_too_long', change: 'newly_allowed', count: 2 },
      ]),
    );
  });

  it('is told of in metrics, on spans and in the audit log, by codes alone', async () => {
    const metrics = await (await fetch(`${postern?.admin ?? ''}/metrics`)).text();
    expect(metrics).toMatch(
      /postern_candidate_sides_total\{postern_phase="request",postern_candidate_result="newly_allowed"\} 1\n/,
    );
    expect(metrics).toContain(
      'postern_candidate_verdicts_total{postern_phase="request",postern_policy="length.limit",postern_code="length.user_too_long",postern_change="newly_allowed"} 2\n',
    );
    const { digest } = await read();
    const span = await otlp?.waitFor(
      ({ spans }) =>
        spans.find(({ attributes }) => attributes['postern.candidate.result'] === 'newly_allowed'),
      15_000,
    );
    expect(span?.attributes).toMatchObject({
      'postern.action': 'deny',
      'postern.candidate.action': 'allow',
      'postern.candidate.digest': digest,
      'postern.candidate.changes': ['newly_allowed:length.limit:length.user_too_long'],
    });
    const audit = readFileSync(join(postern?.folder ?? '', 'audit.jsonl'), 'utf8');
    expect(verifyAuditLog(audit)).toMatchObject({ ok: true });
    const lines = audit
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, object>);
    expect(lines.filter(({ path }) => JSON.stringify(path).includes('candidate'))).toContainEqual(
      expect.objectContaining({
        path: 'postern/candidate/request',
        bundles: { candidate: { revision: digest } },
        result: {
          action: 'allow',
          change: 'newly_allowed',
          reasons: [{ policy: 'length.limit', code: 'length.user_too_long', change: 'newly_allowed' }],
        },
      }),
    );
    const everything = audit + metrics + Buffer.concat(otlp?.bodies ?? []).toString('latin1');
    expect(everything).not.toContain(CANARY);
  });

  it('that does not compile changes nothing but its own status', async () => {
    const { digest } = await read();
    await mount({ 'models.rego': `${POLICY}\ndeny contains` });
    await until('the mistake is noticed', async () => (await read()).state === 'degraded');
    expect(await read()).toMatchObject({ digest, failure: { issues: [{ file: 'models.rego' }, {}] } });
    expect(await postern?.status()).toMatchObject({ state: 'ok' });
    expect(postern?.log()).toContain('candidate: policies were not loaded');
    expect([await ask('Hello.'), await ask(LONG)]).toEqual([200, 400]);
  });

  it('that cannot judge is counted as failed, and fails no exchange', async () => {
    await compared({ 'bundle.tar.gz': aBundle({ wasm: await compileWasm(BROKEN) }) });
    expect(await ask('Hello.', { model: 'gpt-4o' })).toBe(200);
    await counted({ failed: 2 });
    expect(await read()).toMatchObject({ differences: [] });
  });
});
