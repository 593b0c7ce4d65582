// Ways round that an application may try, on a real node: docs/bypass.md says which are closed, and a pod tries each.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, kubectl } from './command.ts';
import { noteFigures } from './figures.ts';
import { OUTSIDE, startOutside, visitors } from './outside.ts';
import { readPod, type Place } from './pods.ts';

interface Row {
  readonly way: string;
  readonly grade: string;
  /** `open` only where docs/bypass.md says so. */
  readonly expected: 'closed' | 'open';
  readonly seen: 'closed' | 'open';
}

const tls = (options: string): string =>
  `import { connect } from 'node:tls'; connect({ host: '${OUTSIDE}', ${options}, rejectUnauthorized: false }).on('error', () => {});`;

/** As docs/bypass.md names them -> what the application runs. The machine outside is not the provider: rows that tell the two apart are not here. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'To the address, by name (an own resolver)': tls("port: 443, servername: 'api.openai.com'"),
  'At another port': tls('port: 9443'),
  'DNS over TLS': tls('port: 853'),
  'Over QUIC (UDP 443)': `import { createSocket } from 'node:dgram'; const s = createSocket('udp4'); s.on('error', () => {}); s.send('x', 443, '${OUTSIDE}', () => setTimeout(() => s.close(), 300));`,
};

/** Where the row is of a name, which the hosts file leads elsewhere, an address says nothing. */
const ONLY: Readonly<Record<string, string>> = { 'At another port': 'enforced' };

const COLUMNS: Readonly<Record<string, string>> = {
  guarded: 'hosts (guarded)',
  enforced: 'redirect (enforced)',
};

export async function tryWaysRound(places: Readonly<Record<string, Place>>): Promise<string> {
  await startOutside();
  const rows: Row[] = [];
  for (const [grade, place] of Object.entries(places)) {
    for (const [way, code] of Object.entries(ATTEMPTS).filter(
      ([way]) => ONLY[way] === undefined || ONLY[way] === grade,
    ))
      rows.push({ way, grade, expected: await documented(way, grade), seen: await attempt(place, code) });
    rows.push(...(await tryAdmission(place, grade)));
  }
  await noteFigures({ bypass: rows });
  const odd = rows.filter(({ expected, seen }) => expected !== seen);
  assert.deepEqual(odd, [], 'docs/bypass.md says otherwise');
  const closed = rows.filter(({ seen }) => seen === 'closed').length;
  return `${String(rows.length)} tried, ${String(closed)} closed, ${String(rows.length - closed)} open as documented`;
}

/** Open when the machine outside was reached. */
async function attempt({ namespace, deployment }: Place, code: string): Promise<Row['seen']> {
  const before = await visitors();
  const script = `${code}; setTimeout(() => process.exit(0), 1500).unref();`;
  await kubectl(
    '-n',
    namespace,
    'exec',
    `deploy/${deployment}`,
    '-c',
    deployment,
    '--',
    'node',
    '--input-type=module',
    '-e',
    script,
  );
  return (await visitors()) > before ? 'open' : 'closed';
}

async function documented(way: string, grade: string): Promise<Row['expected']> {
  const page = await readFile(join(ROOT, 'docs/bypass.md'), 'utf8');
  const table = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const column = table[0]?.indexOf(COLUMNS[grade] ?? '') ?? -1;
  const cell = table.find((row) => row[1] === way)?.[column];
  assert.ok(cell !== undefined && column > 0, `docs/bypass.md has no row “${way}” for ${grade}`);
  return cell.includes('through') ? 'open' : 'closed';
}

/** What the second lock says no to, whatever the sidecar holds. */
async function tryAdmission(place: Place, grade: string): Promise<readonly Row[]> {
  const { name } = await readPod(place);
  const ns = ['-n', place.namespace];
  const status = await kubectl(
    ...ns,
    'get',
    'pod',
    name,
    '-o',
    'jsonpath={.metadata.annotations.postern\\.dev/status}',
  );
  const { uid } = JSON.parse(status) as { uid: number };
  const securityContext = {
    runAsUser: uid,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const container = { name: 'beside', image: 'localhost/peers:test', securityContext };
  const beside = { spec: { ephemeralContainers: [container] } };
  const ways: Readonly<Record<string, readonly string[]>> = {
    'Into the sidecar (exec)': [...ns, 'exec', name, '-c', 'postern', '--', '/bin/true'],
    'Beside it as its user (an ephemeral container)': [
      ...ns,
      'patch',
      'pod',
      name,
      '--subresource',
      'ephemeralcontainers',
      '-p',
      JSON.stringify(beside),
    ],
    'Another image for the running sidecar': [
      ...ns,
      'set',
      'image',
      `pod/${name}`,
      'postern=localhost/peers:test',
    ],
    'Its status annotation rewritten': [
      ...ns,
      'annotate',
      'pod',
      name,
      '--overwrite',
      'postern.dev/status={}',
    ],
  };
  const rows: Row[] = [];
  for (const [way, command] of Object.entries(ways)) {
    const message = await kubectl(...command).then(
      () => '',
      (error: unknown) => String(error),
    );
    rows.push({
      way,
      grade,
      expected: 'closed',
      seen: /ValidatingAdmissionPolicy .*denied request/.test(message) ? 'closed' : 'open',
    });
  }
  return rows;
}
