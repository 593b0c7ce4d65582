// Keys that Postern alone holds, and callers that bring one of their own, as SDKs and providers see it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Anthropic, { PermissionDeniedError as AnthropicDenied } from '@anthropic-ai/sdk';
import OpenAI, { APIError, PermissionDeniedError as OpenAiDenied } from 'openai';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../../src/demo/otlp/index.ts';
import { freePort, MAIN, startPostern, type Postern } from '../support/postern.ts';
import { sendRaw } from '../support/raw.ts';
import { until } from '../support/until.ts';

const KEYS = { openai: 'made-up-key-of-openai-7f3a', anthropic: 'made-up-key-of-anthropic-91bc' };
const NEW_KEY = 'made-up-key-rotated-5d5d';
const PLACEHOLDER = 'placeholder-of-the-application';
const OWN_KEY = 'made-up-key-of-somebody-else';
const SALT = 'a-salt';
const hashed = (key: string): string => createHmac('sha256', SALT).update(key).digest('hex');

/** Says in its refusal which credential it was told of. */
const POLICY = `package postern.policies.own.callers

deny contains sprintf("It is %v.", [input.credential.id]) if {
	input.phase == "request"
	some finding in input.findings
	finding.code == "team.who"
}
`;
const PATTERNS = '- { id: team.who, literal: who is asking, origins: [user] }\n';

let folder: string;
let llm: LlmServer;
let receiver: OtlpReceiver;
let postern: Postern;

const fileOf = (name: string): string => join(folder, name);

/** As the kubelet does it: a new file in the place of the old one. */
async function putKey(name: string, key: string): Promise<void> {
  await writeFile(fileOf('new'), `${key}\n`, { mode: 0o600 });
  await rename(fileOf('new'), fileOf(name));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-keys-'));
  for (const [name, key] of Object.entries(KEYS)) await putKey(name, key);
  await putKey('salt', SALT);
  await putKey('loose', KEYS.openai);
  await chmod(fileOf('loose'), 0o644);
  [llm, receiver] = await Promise.all([startLlm(), startOtlpReceiver()]);
  const { url } = llm;
  postern = await startPostern({
    policies: { 'own.rego': POLICY, 'patterns.yaml': PATTERNS },
    upstreams: {
      openai: { provider: 'openai', url, credential: { file: fileOf('openai') } },
      anthropic: {
        provider: 'anthropic',
        url,
        credential: { file: fileOf('anthropic'), placeholder: PLACEHOLDER },
      },
      loose: { provider: 'openai-compatible', url, credential: { file: fileOf('loose'), header: 'api-key' } },
      team: {
        provider: 'openai',
        url,
        accounts: { salt_file: fileOf('salt'), allow: [hashed('team-key')], organizations: ['org-1'] },
      },
      free: { provider: 'openai', url },
    },
    settings: { audit: { file: '$FOLDER/audit.jsonl', facts: true }, telemetry: { otlp: receiver.url } },
  });
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await Promise.all([llm.close(), receiver.close(), rm(folder, { recursive: true })]);
});

/** Retries as it is made to. */
const openaiAt = (upstream: string, apiKey = PLACEHOLDER, more: object = {}): OpenAI =>
  new OpenAI({ baseURL: `${postern.url}/${upstream}/v1`, apiKey, ...more });
const anthropicWith = (apiKey: string): Anthropic =>
  new Anthropic({ baseURL: `${postern.url}/anthropic`, apiKey });

const chat = (content = 'Please count to 3.') => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
});
const message = { ...chat(), max_tokens: 99 };

/** The headers of the latest request upstream. */
function sent(): Readonly<Record<string, string>> {
  const raw = llm.requests.at(-1)?.rawHeaders ?? [];
  return Object.fromEntries(
    raw.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? '']] : [])),
  );
}

const failureOf = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error);

async function countExchanges(): Promise<number> {
  const metrics = await (await fetch(`${postern.admin}/metrics`)).text();
  const counts = [...metrics.matchAll(/^postern_exchanges(?:_total)?\{[^\n]*\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('a key that Postern alone holds', () => {
  beforeEach(() => putKey('openai', KEYS.openai));

  it('goes to the provider in the place of the placeholder, whole and streamed', async () => {
    await openaiAt('openai').chat.completions.create(chat());
    expect(sent()).toMatchObject({ authorization: `Bearer ${KEYS.openai}` });
    expect(JSON.stringify(sent())).not.toContain(PLACEHOLDER);
    for await (const _ of await openaiAt('openai').chat.completions.create({ ...chat(), stream: true }));
    expect(sent()).toMatchObject({ authorization: `Bearer ${KEYS.openai}` });
    await anthropicWith(PLACEHOLDER).messages.create(message);
    expect(sent()).toMatchObject({ 'x-api-key': KEYS.anthropic });
    expect(sent()).not.toHaveProperty('authorization');
    expect(JSON.stringify(sent())).not.toContain(PLACEHOLDER);
  });

  it.each([
    {},
    { authorization: 'Bearer x' },
    { 'api-key': 'x' },
    { 'x-api-key': 'x' },
    { 'x-goog-api-key': 'x' },
  ])('is the only one that goes there, whatever came: %j', async (headers) => {
    const { status } = await fetch(`${postern.url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(chat()),
    });
    expect(status).toBe(200);
    const names = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'];
    expect(Object.entries(sent()).filter(([name]) => names.includes(name))).toEqual([
      ['authorization', `Bearer ${KEYS.openai}`],
    ]);
  });

  it('goes where the configuration says', async () => {
    await failureOf(openaiAt('loose').chat.completions.create(chat()));
    expect(sent()).toMatchObject({ 'api-key': KEYS.openai });
    expect(sent()).not.toHaveProperty('authorization');
  });

  it('is the new one as soon as that is there; without one nothing is sent', async () => {
    const client = openaiAt('openai', PLACEHOLDER, { maxRetries: 0 });
    await client.chat.completions.create(chat());
    await putKey('openai', NEW_KEY);
    await client.chat.completions.create(chat());
    expect(sent()).toMatchObject({ authorization: `Bearer ${NEW_KEY}` });
    const before = llm.received;
    await rm(fileOf('openai'));
    const gone = await failureOf(client.chat.completions.create(chat()));
    expect(gone).toBeInstanceOf(APIError);
    expect(gone).toMatchObject({ status: 503, code: 'postern_e_credentials' });
    await writeFile(fileOf('openai'), `${NEW_KEY}\nand more`);
    expect(await failureOf(client.chat.completions.create(chat()))).toMatchObject({ status: 503 });
    expect(llm.received).toBe(before);
    await putKey('openai', KEYS.openai);
    await client.chat.completions.create(chat());
    expect(sent()).toMatchObject({ authorization: `Bearer ${KEYS.openai}` });
  });

  it('is sent for no caller with a key of its own, where a placeholder is to be sent', async () => {
    const [exchanges, received] = [await countExchanges(), llm.received];
    const denied = await failureOf(anthropicWith(OWN_KEY).messages.create(message));
    expect(denied).toBeInstanceOf(AnthropicDenied);
    expect(denied).toMatchObject({ status: 403, error: { error: { type: 'permission_error' } } });
    expect([(await countExchanges()) - exchanges, llm.received - received]).toEqual([1, 0]);
  });

  it('makes its upstream one that nobody reaches by going round', async () => {
    const status: unknown = await (await fetch(`${postern.admin}/status`)).json();
    expect(status).toMatchObject({ interception: { bound: ['openai', 'anthropic', 'loose'] } });
    await openaiAt('openai').chat.completions.create(chat());
    await openaiAt('free').chat.completions.create(chat());
    const grades = await receiver.waitFor(({ spans }) => {
      const seen = ['openai', 'free'].map((name) =>
        spans
          .filter((span) => span.name.startsWith(`POST /${name}/`))
          .map(({ attributes }) => attributes['postern.interception.grade']),
      );
      return seen.every(({ length }) => length > 0) ? seen.map((all) => [...new Set(all)]) : undefined;
    });
    expect(grades).toEqual([['bound'], ['cooperative']]);
  });

  it('is warned of where everybody may read it', () => {
    const warned = postern
      .log()
      .split('\n')
      .filter((line) => line.includes('may read the key'));
    expect(warned).toEqual([expect.stringContaining(fileOf('loose'))]);
  });
});

describe('a caller with a key that is not listed', () => {
  it('hears a typed error, said once, and its provider hears nothing', async () => {
    const [exchanges, received] = [await countExchanges(), llm.received];
    const denied = await failureOf(openaiAt('team', OWN_KEY).chat.completions.create(chat()));
    expect(denied).toBeInstanceOf(OpenAiDenied);
    expect(denied).toMatchObject({ status: 403, code: 'postern_e_foreign_credential' });
    expect(String(denied)).not.toContain(OWN_KEY);
    expect([(await countExchanges()) - exchanges, llm.received - received]).toEqual([1, 0]);
  });

  it('hears it before a body is read', async () => {
    const head = [
      'POST /team/v1/chat/completions HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${OWN_KEY}`,
      'Content-Type: application/json',
      'Content-Length: 100000',
      'Expect: 100-continue',
    ].join('\r\n');
    const { answers } = await sendRaw(postern.url, `${head}\r\n\r\n`, { answers: 1 });
    expect(answers).toMatchObject([
      { status: 403, code: 'postern_e_foreign_credential', headers: { 'x-should-retry': 'false' } },
    ]);
  });

  it.each(['key', 'access_token', 'api_key', 'X-Amz-Signature', 'k%65y'])(
    'does not bring it in the query either: %s',
    async (name) => {
      const before = llm.received;
      const { status } = await fetch(`${postern.url}/team/v1/chat/completions?${name}=${OWN_KEY}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer team-key' },
        body: JSON.stringify(chat()),
      });
      expect([status, llm.received]).toEqual([400, before]);
    },
  );

  it('passes with one that is, and with an organisation that is', async () => {
    await openaiAt('team', 'team-key', { organization: 'org-1' }).chat.completions.create(chat());
    expect(sent()).toMatchObject({ authorization: 'Bearer team-key', 'openai-organization': 'org-1' });
    const other = openaiAt('team', 'team-key', { organization: 'org-2' });
    expect(await failureOf(other.chat.completions.create(chat()))).toBeInstanceOf(OpenAiDenied);
  });
});

describe('what policies know of a credential', () => {
  const idOf = async (upstream: string, key: string): Promise<string> => {
    const client = openaiAt(upstream, key);
    const refused = await failureOf(client.chat.completions.create(chat('Who is asking?')));
    return /It is ([0-9a-f]+)\./.exec(String(refused))?.[1] ?? String(refused);
  };

  it('is which one it is, and not what it is', async () => {
    const id = await idOf('free', 'one-key');
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(await idOf('free', 'one-key')).toBe(id);
    expect(await idOf('free', 'another-key')).not.toBe(id);
    expect(await idOf('team', 'team-key')).toBe(hashed('team-key').slice(0, 16));
  });
});

describe('keys', () => {
  it('stand in nothing that is written, told or sent elsewhere, whatever became of an exchange', async () => {
    const decisions: (string | null)[] = [];
    const ask = async (upstream: string, key: string, content?: string): Promise<string> => {
      const reply = await fetch(`${postern.url}/${upstream}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(chat(content)),
      });
      decisions.push(reply.headers.get('x-postern-decision'));
      return `${reply.status} ${JSON.stringify([...reply.headers])} ${await reply.text()}`;
    };
    const told = [
      await ask('openai', PLACEHOLDER),
      await ask('openai', PLACEHOLDER, 'Who is asking?'),
      await ask('team', OWN_KEY),
      await ask('free', OWN_KEY),
    ];
    await writeFile(fileOf('openai'), `${KEYS.openai}\nand more`);
    told.push(await ask('openai', PLACEHOLDER));
    await putKey('openai', KEYS.openai);
    expect(told.map((text) => text.slice(0, 3))).toEqual(['200', '400', '403', '200', '503']);
    const audit = (): Promise<string> => readFile(join(postern.folder, 'audit.jsonl'), 'utf8');
    await until('the last of them in the audit log', async () =>
      (await audit()).includes(decisions.at(-1) ?? '?'),
    );
    await receiver.waitFor(({ spans }) =>
      decisions.every((id) => spans.some(({ traceId }) => traceId === id?.replaceAll('-', '')))
        ? spans
        : undefined,
    );
    const [metrics, status] = await Promise.all(
      ['/metrics', '/status'].map(async (path) => (await fetch(`${postern.admin}${path}`)).text()),
    );
    const args = await readFile(`/proc/${postern.child.pid}/cmdline`, 'utf8').catch(() => '');
    const { spans, points } = receiver;
    const places = { told, log: postern.log(), audit: await audit(), metrics, status, args, spans, points };
    for (const [place, text] of Object.entries(places))
      for (const secret of [...Object.values(KEYS), NEW_KEY, OWN_KEY, 'made-up-key', PLACEHOLDER, SALT])
        expect([place, secret, JSON.stringify(text).includes(secret)]).toEqual([place, secret, false]);
    expect(await audit()).toContain('POSTERN_E_FOREIGN_CREDENTIAL');
  });

  it('that cannot be read at the start end the program, which says which', async () => {
    const config = {
      listen: { http: `127.0.0.1:${await freePort()}`, admin: `127.0.0.1:${await freePort()}` },
      upstreams: { a: { provider: 'openai', url: llm.url, credential: { file: fileOf('nowhere') } } },
      policy: { directory: folder },
    };
    await writeFile(fileOf('postern.yaml'), JSON.stringify(config));
    const child = spawn(process.execPath, [MAIN, 'sidecar', '--config', fileOf('postern.yaml')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await once(child, 'close');
    expect(child.exitCode).toBe(1);
    expect(log).toContain(`could not be read. File: ${fileOf('nowhere')} (ENOENT).`);
    expect(log).not.toContain('listening');
  });
});
