import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../../../src/gate/intercept/authority/index.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = new Date('2026-03-01T12:00:00Z');
const HOSTS = ['b.test', 'a.test'];
const afterDays = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

describe('an authority that is kept in a file', () => {
  let directory = '';
  let keyFile = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'authority-'));
    keyFile = join(directory, 'authority.pem');
  });
  afterAll(() => rm(directory, { recursive: true }));

  const open = async (hosts: readonly string[], now = NOW): Promise<string> =>
    (await openAuthority({ hosts, keyFile, now })).certificatePem;

  it('is the same again for the same hosts, in a file that only its owner reads', async () => {
    const first = await open(HOSTS);
    expect(await open(HOSTS.toReversed(), afterDays(335))).toBe(first);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['authority.pem']);
  });

  it('issues leaves that those trust who trusted it before', async () => {
    const before = await openAuthority({ hosts: HOSTS, keyFile, now: NOW });
    const after = await openAuthority({ hosts: HOSTS, keyFile, now: afterDays(1) });
    const leaf = new X509Certificate((await after.leafFor('a.test', afterDays(1))).cert);
    expect(leaf.verify(new X509Certificate(before.certificatePem).publicKey)).toBe(true);
  });

  it('is made anew when less than 30 days are left', async () => {
    const first = await open(HOSTS);
    const second = await open(HOSTS, afterDays(335.1));
    expect(second).not.toBe(first);
    expect(await open(HOSTS, afterDays(336))).toBe(second);
  });

  it.each([[['a.test']], [['a.test', 'b.test', 'c.test']], [['a.test', '10.0.0.1']]])(
    'is made anew for %j',
    async (hosts) => {
      const first = await open(HOSTS);
      expect(await open(hosts)).not.toBe(first);
    },
  );

  it('is refused when its file is broken, and the file is left as it was', async () => {
    await open(HOSTS);
    const whole = await readFile(keyFile, 'utf8');
    const other = join(directory, 'other.pem');
    await openAuthority({ hosts: HOSTS, keyFile: other });
    const [key = ''] = whole.split(/(?=-----BEGIN CERT)/);
    const [, foreign = ''] = (await readFile(other, 'utf8')).split(/(?=-----BEGIN CERT)/);
    const BROKEN = ['', 'not PEM', whole.slice(0, -200), key, foreign, key + foreign, whole + foreign];
    for (const text of BROKEN) {
      await writeFile(keyFile, text);
      await expect(open(HOSTS)).rejects.toThrow(
        `The key file of the pod's authority, ${keyFile}, does not hold a private key and its certificate.`,
      );
      expect(await readFile(keyFile, 'utf8')).toBe(text);
    }
  });

  it('says what is wrong when its file cannot be read, without what is in it', async () => {
    await writeFile(keyFile, 'a secret '.repeat(10_000));
    const error = await open(HOSTS).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ message: expect.stringContaining('cannot be read (EFBIG)') });
    expect(String(error)).not.toContain('a secret');
    await expect(openAuthority({ hosts: HOSTS, keyFile: directory })).rejects.toThrow('(EISDIR)');
  });

  it('is in memory alone without a file', async () => {
    const before = await readdir(directory);
    const { certificatePem } = await openAuthority({ hosts: HOSTS, keyFile: null });
    expect((await openAuthority({ hosts: HOSTS, keyFile: null })).certificatePem).not.toBe(certificatePem);
    expect(await readdir(directory)).toEqual(before);
  });
});
