import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonGeneralName } from '@peculiar/x509';
import {
  type Authority,
  createAuthority,
  openAuthority,
} from '../../../../src/gate/intercept/authority/index.ts';
import { meet, serveAs, signRogueLeaf } from '../../../support/authority.ts';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-03-01T12:00:00Z');
const later = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR_MS);
const read = ({ cert }: { cert: string }): X509Certificate => new X509Certificate(cert);

let directory = '';
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'authority-'))));
afterAll(() => rm(directory, { recursive: true }));

describe('a client that trusts the authority of its pod', () => {
  let authority: Authority;
  const keyFile = (): string => join(directory, 'key.pem');
  beforeAll(async () => {
    authority = await openAuthority({ hosts: ['api.example.com', '127.0.0.1'], keyFile: keyFile() });
  });

  const meetRogue = async (name: JsonGeneralName): Promise<string> => {
    await using server = await serveAs(await signRogueLeaf(keyFile(), name));
    return await meet(server, { ca: authority.certificatePem, host: name.value });
  };

  it.each([
    ['api.example.com', 'DNS:api.example.com'],
    ['127.0.0.1', 'IP Address:127.0.0.1'],
  ])('trusts a leaf for %s', async (host, name) => {
    await using server = await serveAs(await authority.leafFor(host));
    expect(await meet(server, { ca: authority.certificatePem, host })).toBe(`trusted ${name}`);
  });

  it('does not trust another pod’s', async () => {
    const other = await createAuthority(['api.example.com']);
    await using server = await serveAs(await other.leafFor('api.example.com'));
    const said = await meet(server, { ca: authority.certificatePem, host: 'api.example.com' });
    expect(said).toMatch(/self-signed certificate|unable to (verify|get)|signature failure/);
  });

  it('does not trust what the authority’s own key signs for a name that is not the pod’s', async () => {
    expect(await meetRogue({ type: 'dns', value: 'www.example.com' })).toBe('permitted subtree violation');
    expect(await meetRogue({ type: 'dns', value: 'example.com' })).toBe('permitted subtree violation');
    expect(await meetRogue({ type: 'ip', value: '127.0.0.2' })).toBe('permitted subtree violation');
  });

  it('does not trust what it signs for an address, where the pod has only names', async () => {
    const file = join(directory, 'names.pem');
    const { certificatePem: ca } = await openAuthority({ hosts: ['api.example.com'], keyFile: file });
    await using server = await serveAs(await signRogueLeaf(file, { type: 'ip', value: '127.0.0.1' }));
    expect(await meet(server, { ca, host: '127.0.0.1' })).toBe('excluded subtree violation');
  });

  it.each([[['127.0.0.1', '::1']], [[]]])(
    'does not trust what it signs for a name, where the pod has %j',
    async (hosts) => {
      const file = join(directory, `addresses-${String(hosts.length)}.pem`);
      const { certificatePem: ca } = await openAuthority({ hosts, keyFile: file });
      const name = { type: 'dns', value: 'api.example.com' } as const;
      await using server = await serveAs(await signRogueLeaf(file, name));
      expect(await meet(server, { ca, host: name.value })).toBe('permitted subtree violation');
    },
  );

  it('trusts what it signs for a name below one of the pod’s: X.509 cannot say less', async () => {
    const name = { type: 'dns', value: 'below.api.example.com' } as const;
    expect(await meetRogue(name)).toBe('trusted DNS:below.api.example.com');
  });
});

describe('the certificate of an authority', () => {
  it('lives a year from an hour ago, signs leaves only, and is nobody else’s', async () => {
    const [a, b] = await Promise.all([createAuthority(['a.test'], NOW), createAuthority(['a.test'], NOW)]);
    const certificate = new X509Certificate(a.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe('CN=Postern authority of this pod');
    expect(certificate.validFromDate).toEqual(later(-1));
    expect(certificate.validToDate).toEqual(later(365 * 24));
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(new X509Certificate(b.certificatePem).serialNumber).not.toBe(certificate.serialNumber);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it('says in critical extensions what it may', async () => {
    const { certificatePem } = await createAuthority(['b.test', 'A.test', '10.1.2.3', 'a.test']);
    const text = execFileSync('openssl', ['x509', '-noout', '-ext', EXTENSIONS], {
      input: certificatePem,
      encoding: 'utf8',
    });
    expect(text.replaceAll(/ +$/gm, '').replaceAll(/([0-9A-F]{2}:){19}[0-9A-F]{2}/g, '<key>')).toBe(EXPECTED);
  });

  it.each([
    '',
    '*.example.com',
    'exa mple.com',
    'a..b',
    'https://a.test',
    'a.test:443',
    'fe80::1%eth0',
    `${'a'.repeat(64)}.test`,
  ])('is not made for %j', async (host) => {
    await expect(createAuthority([host])).rejects.toThrow('is no host that a certificate can be made for');
  });
});

const EXTENSIONS = 'basicConstraints,keyUsage,subjectKeyIdentifier,nameConstraints';
const EXPECTED = `X509v3 Basic Constraints: critical
    CA:TRUE, pathlen:0
X509v3 Key Usage: critical
    Certificate Sign, CRL Sign
X509v3 Subject Key Identifier:
    <key>
X509v3 Name Constraints: critical
    Permitted:
      IP:10.1.2.3/255.255.255.255
      DNS:a.test
      DNS:b.test
    Excluded:
      IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0
`;

describe('a leaf', () => {
  it('is for one host, as a server, for a day from an hour ago', async () => {
    const authority = await createAuthority(['a.test', '::1'], later(-5));
    const leaf = read(await authority.leafFor('a.test', NOW));
    expect(leaf.subjectAltName).toBe('DNS:a.test');
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.ca).toBe(false);
    expect(leaf.validFromDate).toEqual(later(-1));
    expect(leaf.validToDate).toEqual(later(24));
    expect(read(await authority.leafFor('[::1]')).subjectAltName).toBe('IP Address:0:0:0:0:0:0:0:1');
  });

  it('is right for OpenSSL at its strictest', async () => {
    const authority = await createAuthority(['a.test', '10.0.0.1', '::1']);
    await writeFile(join(directory, 'ca.pem'), authority.certificatePem);
    for (const host of ['a.test', '10.0.0.1', '::1']) {
      const file = join(directory, 'leaf.pem');
      await writeFile(file, (await authority.leafFor(host)).cert);
      const name = host === 'a.test' ? '-verify_hostname' : '-verify_ip';
      const strict = ['-x509_strict', '-purpose', 'sslserver', '-CAfile', join(directory, 'ca.pem')];
      const said = execFileSync('openssl', ['verify', ...strict, name, host, file], { encoding: 'utf8' });
      expect(said).toBe(`${file}: OK\n`);
    }
  });

  it('comes from memory until less than a third of its life is left', async () => {
    const authority = await createAuthority(['a.test'], later(-100));
    const first = await authority.leafFor('a.test', NOW);
    expect(await authority.leafFor('A.TEST', later(15.9))).toBe(first);
    const second = await authority.leafFor('a.test', later(16));
    expect(read(second).validToDate).toEqual(later(40));
    expect(await authority.leafFor('a.test', later(16.1))).toBe(second);
  });

  it('is issued once to those who ask at once', async () => {
    const authority = await createAuthority(['a.test']);
    const [one, other] = await Promise.all([authority.leafFor('a.test'), authority.leafFor('a.test')]);
    expect(one).toBe(other);
  });

  it('begins and ends within the life of its authority', async () => {
    const authority = await createAuthority(['a.test'], NOW);
    expect(read(await authority.leafFor('a.test', later(-0.5))).validFromDate).toEqual(later(-1));
    const last = await authority.leafFor('a.test', later(365 * 24 - 2));
    expect(read(last).validToDate).toEqual(later(365 * 24));
    expect(await authority.leafFor('a.test', later(365 * 24 - 0.1))).toBe(last);
    await expect(authority.leafFor('a.test', later(365 * 24))).rejects.toThrow('the pod has to start anew');
  });

  it('is not issued for a host that is not the authority’s, nor for one below', async () => {
    const authority = await createAuthority(['a.test']);
    for (const host of ['b.test', 'below.a.test', '127.0.0.1'])
      await expect(authority.leafFor(host)).rejects.toThrow(`${host} is not a host of this pod's authority.`);
  });
});
