// Requests to Bedrock that Postern signs itself: edited bodies are signed as they are sent, held against AWS's own library.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startPostern, type Postern } from '../support/postern.ts';
import { hasPython, PYTHON } from '../support/sdk-clients.ts';

const TRIM = `package postern.policies.own.trim

verdicts contains {
	"action": "rewrite",
	"rewrite": "trim",
	"origins": ["user"],
	"code": "own.trim",
	"message": "Trimmed.",
} if {
	input.phase == "request"
}
`;

const SECRET = 'made-up/secret+of0the1test2which3opens4nothing';
const credentials = (key: string, more = ''): string =>
  `# of the test\n[other]\naws_access_key_id = OTHER\n\n[default]\naws_access_key_id = ${key}\naws_secret_access_key=${SECRET}\n${more}`;

let llm: LlmServer;
let postern: Postern;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-signing-'));
  file = join(folder, 'credentials');
  await writeFile(file, credentials('AKIDTESTONE'));
  llm = await startLlm();
  const sign = { region: 'eu-west-1', credentials_file: file };
  postern = await startPostern({
    policies: { 'own.rego': TRIM },
    upstreams: { bedrock: { provider: 'bedrock', url: llm.url, sign } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await llm.close();
  await rm(folder, { recursive: true });
});

const MODEL = '/model/anthropic.claude-sonnet-5-5-v1%3A0';

/** As an application sends it that knows no credentials. */
async function ask(text: string): Promise<{ readonly status: number; readonly body: string }> {
  const answer = await fetch(`${postern.url}/bedrock${MODEL}/converse`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization:
        'AWS4-HMAC-SHA256 Credential=placeholder/x/y/z/aws4_request, SignedHeaders=host, Signature=00',
      'x-amz-date': '20260101T000000Z',
      'x-amz-security-token': 'placeholder',
      'x-amzn-bedrock-trace': 'ENABLED',
    },
    body: JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] }),
  });
  return { status: answer.status, body: await answer.text() };
}

/** The headers of the latest request upstream, by name. */
function sent(): Readonly<Record<string, string>> {
  const raw = llm.requests.at(-1)?.rawHeaders ?? [];
  return Object.fromEntries(
    raw.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? '']] : [])),
  );
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

describe('a request that Postern signs', () => {
  it('is signed as it is sent, edited, and no longer by its caller', async () => {
    expect(await ask('  Please count to 3.  ')).toMatchObject({ status: 200 });
    const { body } = llm.requests.at(-1) ?? {};
    expect(body?.toString()).toContain('"Please count to 3."');
    const [, key, names = ''] = AUTHORIZATION.exec(sent()['authorization'] ?? '') ?? [];
    expect(key).toBe('AKIDTESTONE');
    expect(names.split(';')).toEqual(
      expect.arrayContaining(['content-type', 'host', 'x-amz-date', 'x-amzn-bedrock-trace']),
    );
    expect(sent()['x-amz-date']).not.toBe('20260101T000000Z');
    expect(sent()).not.toHaveProperty('x-amz-security-token');
  });

  it('is signed with new credentials as soon as they are there, and with none of them is refused', async () => {
    await writeFile(file, credentials('AKIDTESTTWO', 'aws_session_token = a-token\n'));
    expect(await ask('Please count to 2.')).toMatchObject({ status: 200 });
    expect(sent()).toMatchObject({
      authorization: expect.stringContaining('Credential=AKIDTESTTWO/'),
      'x-amz-security-token': 'a-token',
    });
    const before = llm.received;
    await writeFile(file, '[default]\naws_access_key_id = AKIDTESTTHREE\n');
    const refused = await ask('Please count to 2.');
    expect(refused.status).toBe(503);
    expect(refused.body).not.toContain('AKIDTESTTHREE');
    expect(llm.received).toBe(before);
    await writeFile(file, credentials('AKIDTESTFOUR'));
    expect(await ask('Please count to 2.')).toMatchObject({ status: 200 });
    expect(postern.log()).not.toMatch(/AKIDTEST|made-up|a-token/);
  });

  it('is not announced as one that cannot be edited', () => {
    expect(postern.log()).not.toContain('requests that their caller signed');
  });
});

(hasPython ? describe : describe.skip)('the signature of a request', () => {
  it('is that of AWS’s own library', async () => {
    await ask('  Please count to 4.  ');
    const headers = sent();
    const [, , names = '', signature] = AUTHORIZATION.exec(headers['authorization'] ?? '') ?? [];
    const { path, body } = llm.requests.at(-1) ?? {};
    const { stdout } = spawnSync(PYTHON, [join(import.meta.dirname, '../python/sigv4.py')], {
      encoding: 'utf8',
      input: JSON.stringify({
        method: 'POST',
        url: `${llm.url}${path}`,
        headers: Object.fromEntries(names.split(';').map((name) => [name, headers[name]])),
        body: body?.toString(),
        region: 'eu-west-1',
        date: headers['x-amz-date'],
        key: 'AKIDTESTONE',
        secret: SECRET,
      }),
    });
    expect(stdout.trim()).toBe(signature);
  });
});
