import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import {
  openAuthority,
  trustFiles,
  writeTrustFiles,
} from '../../../../src/gate/intercept/authority/index.ts';
import { encodeTrustStore } from '../../../../src/gate/intercept/authority/trust-store.ts';
import { trustVariables } from '../../../../src/lead/index.ts';
import { serveAs, signRogueLeaf } from '../../../support/authority.ts';

const run = promisify(execFile);
const isThere = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

let directory = '';
let trusted: Awaited<ReturnType<typeof serveAs>>;
let rogue: Awaited<ReturnType<typeof serveAs>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'authority-'));
  await writeFile(join(directory, 'Ask.java'), JAVA);
  const keyFile = join(directory, 'key.pem');
  const authority = await openAuthority({ hosts: ['localhost'], keyFile });
  await writeTrustFiles(directory, trustFiles(authority));
  trusted = await serveAs(await authority.leafFor('localhost'));
  rogue = await serveAs(await signRogueLeaf(keyFile, { type: 'ip', value: '127.0.0.1' }));
});
afterAll(async () => {
  await trusted[Symbol.asyncDispose]();
  await rogue[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const split = (pems: string): X509Certificate[] =>
  pems.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));

describe('the files that clients trust', () => {
  it('hold the authority alone, and after all that the system trusts, each once', async () => {
    const own = await readFile(join(directory, 'ca.pem'), 'utf8');
    const all = split(await readFile(join(directory, 'bundle.pem'), 'utf8'));
    expect(split(own)).toHaveLength(1);
    expect(String(all.at(-1))).toBe(own);
    const hashes = new Set(all.map(({ fingerprint256 }) => fingerprint256));
    expect(hashes.size).toBe(all.length);
    const system = getCACertificates('system');
    const roots = system.length > 0 ? system : getCACertificates('bundled');
    expect(hashes.size).toBe(new Set(roots).size + 1);
    for (const root of roots) expect(hashes.has(new X509Certificate(root).fingerprint256)).toBe(true);
  });

  it('are for everybody to read, and replaced whole', async () => {
    const file = join(directory, 'ca.pem');
    const before = await stat(file);
    const names = await readdir(directory);
    await writeTrustFiles(directory, { 'ca.pem': await readFile(file) });
    const after = await stat(file);
    expect(after.mode & 0o777).toBe(0o644);
    expect(after.ino).not.toBe(before.ino); // another file under its name: whoever has the old one open reads it to its end
    expect(await readdir(directory)).toEqual(names);
  });

  it('are named by variables, whole paths all', () => {
    const { JAVA_TOOL_OPTIONS: java, ...files } = trustVariables('/var/run/postern');
    expect(java).toBe(
      '-Djavax.net.ssl.trustStore=/var/run/postern/trust.p12 -Djavax.net.ssl.trustStoreType=PKCS12',
    );
    const adding = Object.keys(files).filter((name) => files[name] === '/var/run/postern/ca.pem');
    expect(adding).toEqual(['NODE_EXTRA_CA_CERTS', 'DENO_CERT']);
    const replacing = Object.keys(files).filter((name) => files[name] === '/var/run/postern/bundle.pem');
    expect([...adding, ...replacing]).toEqual(Object.keys(files));
  });
});

const NODE = `fetch(process.argv[1]).then((r) => r.text()).then(console.log, (e) => { console.error(e.cause.message); process.exitCode = 1 })`;
const PYTHON = `import ssl, sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], context=ssl.create_default_context()).read().decode())`;
const JAVA = `import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
class Ask {
  public static void main(String[] args) throws Exception {
    var connection = (HttpsURLConnection) new URL(args[0]).openConnection();
    System.out.println(new String(connection.getInputStream().readAllBytes()));
  }
}`;

interface Client {
  readonly client: string;
  readonly command: string;
  readonly args: () => readonly string[];
  readonly answers?: RegExp;
  /** Null for who trusts whatever the key signs: Java does not read the constraints of what it was told to trust. */
  readonly refuses: RegExp | null;
}

/** Each is told the address by its last argument, and what to trust by its environment alone. */
const CLIENTS: readonly Client[] = [
  { client: 'Node', command: process.execPath, args: () => ['-e', NODE], refuses: /subtree violation/ },
  { client: 'Python', command: 'python3', args: () => ['-c', PYTHON], refuses: /subtree violation/ },
  { client: 'curl', command: 'curl', args: () => ['-sS', '--noproxy', '*'], refuses: /certificate/ },
  { client: 'git', command: 'git', args: () => ['ls-remote'], answers: /^$/, refuses: /certificate/ },
  { client: 'Java', command: 'java', args: () => [join(directory, 'Ask.java')], refuses: null },
];

for (const { client, command, args, answers = /^trusted$/m, refuses } of CLIENTS)
  (isThere(command) ? describe : describe.skip)(
    `${client}, told by variables (skipped where it is not installed)`,
    () => {
      const ask = async (url: string, variables: Readonly<Record<string, string>>): Promise<string> => {
        const env = { PATH: process.env['PATH'], HOME: directory, ...variables };
        return run(command, [...args(), url], { env }).then(
          ({ stdout }) => stdout,
          (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
        );
      };

      it('trusts a leaf, and without the variables does not', async () => {
        const url = `https://localhost:${String(trusted.port)}/`;
        const [told, untold] = await Promise.all([ask(url, trustVariables(directory)), ask(url, {})]);
        expect(told).toMatch(answers);
        expect(untold).not.toMatch(answers);
      });

      it(`${refuses === null ? 'trusts' : 'does not trust'} what the same key signs for something else`, async () => {
        const said = await ask(`https://127.0.0.1:${String(rogue.port)}/`, trustVariables(directory));
        expect(said).toMatch(refuses ?? answers);
      });
    },
  );

const NONE = ['-J-Dkeystore.pkcs12.macAlgorithm=NONE', '-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE'];

(isThere('keytool') ? describe : describe.skip)(
  'the trust store (skipped where keytool is not installed)',
  () => {
    it('is byte for byte what keytool writes without a MAC and encryption', async () => {
      const [own, theirs] = [join(directory, 'ca.pem'), join(directory, 'keytool.p12')];
      const store = ['-keystore', theirs, '-storetype', 'PKCS12', '-storepass', 'changeit'];
      await run('keytool', [
        ...NONE,
        '-importcert',
        '-noprompt',
        '-alias',
        'postern',
        '-file',
        own,
        ...store,
      ]);
      const der = new X509Certificate(await readFile(own)).raw;
      expect(encodeTrustStore([{ alias: 'postern', der }])).toEqual(await readFile(theirs));
    });

    it('is opened without a password, and holds all that the bundle holds', async () => {
      const list = run('keytool', [
        '-J-Duser.language=en',
        '-list',
        '-keystore',
        join(directory, 'trust.p12'),
      ]);
      list.child.stdin?.end();
      const { stdout } = await list;
      const all = split(await readFile(join(directory, 'bundle.pem'), 'utf8'));
      expect(stdout.match(/trustedCertEntry/g)).toHaveLength(all.length);
      for (const { fingerprint256 } of all) expect(stdout).toContain(fingerprint256);
      expect(stdout).toMatch(/^postern, /m);
    });
  },
);
