import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfiguredUpstream } from '../../../../src/config/index.ts';
import { CREDENTIAL_HEADERS, type CredentialHeader, type Provider } from '../../../../src/exchange/index.ts';
import { isReadableByAll } from '../../../../src/gate/forward/index.ts';
import { openKey } from '../../../../src/gate/forward/key.ts';

const KEY = 'made-up-key-0001';
const PLACEHOLDER = 'a-placeholder';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-key-'));
  file = join(folder, 'key');
});
beforeEach(() => writeFile(file, `${KEY}\n`));
afterAll(() => rm(folder, { recursive: true }));

const anUpstream = (provider: Provider, header: CredentialHeader | null = null): ConfiguredUpstream => ({
  name: 'a',
  provider,
  url: new URL('https://127.0.0.1'),
  isBound: true,
  caFile: null,
  allowPrivateAddresses: false,
  credential: { file, header, placeholder: null },
  sign: null,
  accounts: null,
});

/** What is sent instead of these headers. */
function vouchFor(upstream: ConfiguredUpstream, headers: Record<string, string>): Record<string, string> {
  const vouch = openKey(upstream);
  if (vouch === null) throw new Error('There is a key.');
  return vouch({ method: 'POST', path: '/', headers, body: Buffer.alloc(0) });
}

const BEARER = { authorization: `Bearer ${KEY}` };
const PROVIDERS: ReadonlyArray<readonly [Provider, Record<string, string>]> = [
  ['openai', BEARER],
  ['anthropic', { 'x-api-key': KEY }],
  ['azure', { 'api-key': KEY }],
  ['gemini', { 'x-goog-api-key': KEY }],
  ['vertex', BEARER],
  ['mistral', BEARER],
  ['cohere', BEARER],
  ['openai-compatible', BEARER],
  ['ollama', BEARER],
  ['mcp', BEARER],
  ['bedrock', BEARER],
];

describe('a key of ours', () => {
  describe.each(PROVIDERS)('of %s', (provider, expected) => {
    it.each([...CREDENTIAL_HEADERS, 'x-amz-security-token', 'x-amz-date', 'x-amz-content-sha256'])(
      'takes the place of what the caller sent as %s, and nothing else',
      (name) => {
        const headers = { accept: 'a/b', [name]: PLACEHOLDER, 'openai-project': 'p' };
        expect(vouchFor(anUpstream(provider), headers)).toEqual({
          accept: 'a/b',
          'openai-project': 'p',
          ...expected,
        });
      },
    );

    it('is sent for callers that have none', () => {
      expect(vouchFor(anUpstream(provider), {})).toEqual(expected);
    });
  });

  it.each(CREDENTIAL_HEADERS)('goes where the configuration says: %s', (header) => {
    expect(vouchFor(anUpstream('openai-compatible', header), {})).toEqual(
      header === 'authorization' ? BEARER : { [header]: KEY },
    );
  });

  it('is what the file holds now, also where a link was moved to another', async () => {
    const [first, link] = [join(folder, 'first'), join(folder, 'link')];
    await writeFile(first, 'one');
    await symlink(first, link);
    const vouch = openKey({
      ...anUpstream('azure'),
      credential: { file: link, header: null, placeholder: null },
    });
    const keyNow = (): string | undefined =>
      vouch?.({ method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) })['api-key'];
    expect(keyNow()).toBe('one');
    await rm(link);
    await symlink(file, link);
    expect(keyNow()).toBe(KEY);
    await writeFile(file, 'another-key\r\n');
    expect(keyNow()).toBe('another-key');
    await rm(link);
    expect(keyNow).toThrow(`File: ${link} (ENOENT).`);
    await symlink(file, link);
    expect(keyNow()).toBe('another-key');
  });

  it.each([
    ['nothing', ''],
    ['a newline', '\n'],
    ['two newlines', 'canary\n\n'],
    ['two lines', 'canary\nx'],
    ['a blank', 'canary x'],
    ['a blank at its end', 'canary '],
    ['a tab', '\tcanary'],
    ['a letter beyond ASCII', 'canaryé'],
    ['a control character', 'canary\x00'],
    ['8193 characters', 'canary'.padEnd(8193, 'x')],
    ['too much to look at', 'canary'.padEnd(70_000, 'x')],
  ])('is none where the file holds %s, and that is said without what it holds', async (_, text) => {
    await writeFile(file, text);
    const open = (): unknown => openKey(anUpstream('openai'));
    expect(open).toThrow(
      expect.objectContaining({
        code: 'POSTERN_E_CREDENTIALS',
        message: expect.stringContaining(`File: ${file} (`),
      }),
    );
    expect(open).not.toThrow('canary');
  });

  it('is at most 8192 characters, and never a folder', async () => {
    await writeFile(file, 'x'.repeat(8192));
    expect(vouchFor(anUpstream('azure'), {})['api-key']).toHaveLength(8192);
    const upstream = {
      ...anUpstream('azure'),
      credential: { file: folder, header: null, placeholder: null },
    };
    expect(() => openKey(upstream)).toThrow('not a small file');
  });
});

describe('a file that everybody may read', () => {
  it('is told from others, and from one that is not there', async () => {
    const [open, closed] = [join(folder, 'open'), join(folder, 'closed')];
    await writeFile(open, KEY, { mode: 0o644 });
    await writeFile(closed, KEY, { mode: 0o640 });
    expect([open, closed, join(folder, 'none')].map(isReadableByAll)).toEqual([true, false, false]);
  });
});
