// The layer rules, and the proof that they bite: a breach of each kind is planted and must be found.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Rule that must fire -> a file that breaks it. */
const BREACHES: ReadonlyArray<readonly [rule: string, file: string, text: string]> = [
  ['layer-exchange', 'src/exchange/planted.ts', "import '../sidecar/index.ts';"],
  [
    'layer-gate/decode',
    'src/gate/decode/planted.ts',
    "import type { Config } from '../../config/index.ts';\nexport type C = Config;",
  ],
  [
    'package-@kubernetes/client-node',
    'src/sidecar/planted-client.ts',
    "import { KubeConfig } from '@kubernetes/client-node';\nexport const k = KubeConfig;",
  ],
  [
    'layer-sidecar',
    'src/sidecar/planted-mirror.ts',
    "import { mirror } from '../cluster/reflect/index.ts';\nexport const m = mirror;",
  ],
  ['layer-cli', 'src/cli/planted.ts', "import '../sidecar/index.ts';"],
  [
    'pure',
    'src/gate/inspect/planted.ts',
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
  ],
  [
    'pure-admit',
    'src/cluster/admit/planted.ts',
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
  ],
  ['layer-lead', 'src/lead/planted.ts', "import '../config/index.ts';"],
  ['package-undici', 'src/sidecar/planted.ts', "import { Pool } from 'undici';\nexport const p = Pool;"],
  [
    'package-@peculiar/',
    'src/gate/intercept/planted.ts',
    "import { X509Certificate } from '@peculiar/x509';\nexport const c = X509Certificate;",
  ],
  [
    'on-demand',
    'src/sidecar/planted-authority.ts',
    "import { createAuthority } from '../gate/intercept/authority/index.ts';\nexport const c = createAuthority;",
  ],
  ['in-parts', 'src/gate/forward/planted-pool.ts', "import { Pool } from 'undici';\nexport const p = Pool;"],
  ['door', 'src/sidecar/planted-door.ts', "export { foldVerdicts } from '../gate/decide/fold.ts';"],
  ['cycle', 'src/lib/planted-a.ts', "import './planted-b.ts';\nexport const a = 1;"],
];

describe('the floors of the house', () => {
  let house = '';

  beforeAll(async () => {
    await mkdir(join(root, 'build'), { recursive: true });
    house = await mkdtemp(join(root, 'build/house-'));
    await cp(join(root, 'src'), join(house, 'src'), { recursive: true });
    await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
    await cp(join(root, 'package.json'), join(house, 'package.json'));
  });
  afterAll(() => rm(house, { recursive: true, force: true }));

  it('are kept by the source as it stands', async () => {
    expect(await brokenRules(root)).toEqual([]);
  });

  it('are seen to be broken when a breach of each kind is planted', async () => {
    for (const [, file, text] of BREACHES) {
      await mkdir(dirname(join(house, file)), { recursive: true });
      await writeFile(join(house, file), `${text}\n`);
    }
    await writeFile(join(house, 'src/lib/planted-b.ts'), "import './planted-a.ts';\nexport const b = 1;\n");
    expect(await brokenRules(house)).toEqual(expect.arrayContaining(BREACHES.map(([rule]) => rule)));
  });
});

async function brokenRules(cwd: string): Promise<string[]> {
  const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [command, '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', 'src'];
  // The exit code counts breaches; the report tells them.
  const { stdout } = await run(process.execPath, args, { cwd, maxBuffer: 2 ** 26 }).catch(
    (error: { stdout: string }) => error,
  );
  const report = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string } }[]; totalCruised: number };
  };
  expect(report.summary.totalCruised).toBeGreaterThan(20);
  return [...new Set(report.summary.violations.map(({ rule }) => rule.name))].sort();
}
