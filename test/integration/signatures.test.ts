import { spawnSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeys } from '../../src/policy/index.ts';
import { aBundle, compileWasm } from '../support/bundles.ts';
import { MountedConfigMap } from '../support/kubelet.ts';
import { MAIN, startPostern, type Postern } from '../support/postern.ts';
import { signAs } from '../support/signing.ts';
import { until } from '../support/until.ts';

const POLICY = 'package postern.main\nresult := {"test.policy": {"deny": [m | some m in data.says]}}';

const keys = generateKeys();
let unsigned: (word: string) => Buffer;
let volume: MountedConfigMap;

beforeAll(async () => {
  const wasm = await compileWasm(POLICY);
  unsigned = (word) => aBundle({ wasm, data: { says: [word] } });
  volume = await MountedConfigMap.mount({ 'bundle.tar.gz': signAs(keys, unsigned('first'), { serial: 5 }) });
});
afterAll(() => volume[Symbol.asyncDispose]());

/** What the sidecar says for what it has in force. */
async function said({ url }: Postern): Promise<string> {
  const answer = await fetch(`${url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello.' }] }),
  });
  return ((await answer.json()) as { error: { message: string } }).error.message;
}

describe('a sidecar that is given keys', () => {
  const start = (state_file: string, expectReady = true): Promise<Postern> =>
    startPostern({
      upstreams: { openai: { provider: 'openai', url: 'http://127.0.0.1:9' } },
      settings: {
        policy: {
          directory: volume.directory,
          signature: { keys: { [keys.keyId]: keys.publicKey }, state_file },
        },
      },
      expectReady,
    });
  let postern: Postern;
  beforeAll(async () => {
    postern = await start('$FOLDER/serial.json');
  });
  afterAll(async () => {
    await postern[Symbol.asyncDispose]();
  });

  it('takes what is signed with them, and says by whom', async () => {
    expect(await said(postern)).toContain('first');
    expect(await postern.status()).toMatchObject({
      state: 'ok',
      signature: { keyId: keys.keyId, serial: 5 },
    });
    expect(await (await fetch(`${postern.admin}/metrics`)).text()).toContain(keys.keyId);
  });

  it.each<[string, string, () => Record<string, string | Buffer>]>([
    ['is not signed', 'signature.missing', () => ({ 'bundle.tar.gz': unsigned('other') })],
    [
      'a stranger signed',
      'signature.unknown_key',
      () => ({ 'bundle.tar.gz': signAs(generateKeys(), unsigned('other'), { serial: 9 }) }),
    ],
    [
      'is older',
      'signature.rollback',
      () => ({ 'bundle.tar.gz': signAs(keys, unsigned('other'), { serial: 4 }) }),
    ],
    [
      'has the same serial and other contents',
      'signature.rollback',
      () => ({ 'bundle.tar.gz': signAs(keys, unsigned('other'), { serial: 5 }) }),
    ],
    ['is a source', 'signature.sources', () => ({ 'p.rego': 'package postern.policies.a.b\n' })],
  ])('keeps what it has when what comes %s', async (_, code, content) => {
    await volume.update(content());
    await until(
      () => `the status names ${code}; it said:\n${postern.log()}`,
      async () => JSON.stringify((await postern.status()).failure).includes(code),
    );
    expect(await said(postern)).toContain('first');
  });

  it('goes on with the next one that is signed, and still knows after a restart how far it got', async () => {
    await volume.update({ 'bundle.tar.gz': signAs(keys, unsigned('second'), { serial: 6 }) });
    await until(
      () => `the second is in force; it said:\n${postern.log()}`,
      async () => (await said(postern)).includes('second'),
    );
    await volume.update({ 'bundle.tar.gz': signAs(keys, unsigned('first'), { serial: 5 }) });
    await using restarted = await start(join(postern.folder, 'serial.json'), false);
    await until(
      () => `it refuses the older one; it said:\n${restarted.log()}`,
      async () => JSON.stringify((await restarted.status()).failure).includes('signature.rollback'),
    );
    expect((await restarted.status()).state).toBe('empty');
  });
});

describe('postern policy bundle', () => {
  const run = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
    const argv = ['--disable-warning=ExperimentalWarning', MAIN, 'policy', 'bundle', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: volume.directory });
    return { code: status, out: stdout.toString(), err: stderr.toString() };
  };

  it('makes keys, signs with them, and tells whether a bundle is what was signed', async () => {
    const at = (name: string): string => join(volume.directory, name);
    await writeFile(at('b.tar.gz'), unsigned('x'));
    expect(run('keygen', 'ci')).toMatchObject({ code: 0 });
    expect((await stat(at('ci.pem'))).mode & 0o777).toBe(0o600);
    expect(run('keygen', 'ci')).toMatchObject({ code: 64, err: expect.stringContaining('ci.pem exists') });
    expect(run('verify', 'b.tar.gz', '--key', 'ci.pub.pem')).toMatchObject({
      code: 1,
      out: expect.stringContaining('The bundle is not signed.'),
    });
    expect(run('sign', 'b.tar.gz', '--key', 'ci.pem', '--serial', '3')).toMatchObject({ code: 0 });
    const verified = run('verify', 'b.tar.gz', '--key', 'ci.pub.pem', '-o', 'json');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ serial: 3, policies: ['test.policy'] });
    await writeFile(at('other.pem'), generateKeys().publicKey);
    expect(run('verify', 'b.tar.gz', '--key', 'other.pem')).toMatchObject({ code: 1 });
    const swapped = run('sign', 'b.tar.gz', '--key', 'ci.pub.pem');
    expect(swapped).toMatchObject({ code: 65, out: expect.stringContaining('PUBLIC KEY') });
    const { out, err } = verified;
    expect(`${out}${err}${swapped.out}`).not.toContain((await readFile(at('ci.pem'), 'utf8')).split('\n')[1]);
  });
});
