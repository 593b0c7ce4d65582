import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../support/cli.ts';
import { MAIN } from '../../support/postern.ts';

const KEY = 'made-up-key-0001';
const hashed = (salt: string): string => createHmac('sha256', salt).update(KEY).digest('hex');

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-hash-'));
  writeFileSync(at('key'), `${KEY}\n`);
  writeFileSync(at('salt'), 'a-salt\n');
  writeFileSync(at('two'), 'canary one\ncanary two\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('postern hash-credential', () => {
  it('hashes what stands in a file, with the salt or without', async () => {
    expect(await runCommand('hash-credential', at('key'))).toEqual({
      code: 0,
      stdout: `${hashed('')}\n`,
      stderr: '',
    });
    const { stdout } = await runCommand(
      'hash-credential',
      at('key'),
      '--salt-file',
      at('salt'),
      '-o',
      'json',
    );
    expect(JSON.parse(stdout)).toEqual({ hash: hashed('a-salt') });
  });

  it('reads standard input', () => {
    const { stdout } = spawnSync(process.execPath, [MAIN, 'hash-credential', '--salt-file', at('salt')], {
      input: `${KEY}\n`,
      encoding: 'utf8',
    });
    expect(stdout).toBe(`${hashed('a-salt')}\n`);
  });

  it('says what is wrong with a file, and nothing of what it holds', async () => {
    for (const args of [['two'], ['key', 'two']]) {
      const [file = '', salt = ''] = args.map(at);
      const run = await runCommand('hash-credential', file, ...(salt === '' ? [] : ['--salt-file', salt]));
      expect(run).toEqual({
        code: 64,
        stdout: '',
        stderr: expect.stringContaining('two is to hold one line'),
      });
      expect(run.stderr).not.toContain('canary');
    }
    expect((await runCommand('hash-credential', at('none'))).stderr).toContain('cannot be read: ENOENT');
    expect((await runCommand('hash-credential', at('key'), at('key'))).code).toBe(64);
  });
});
