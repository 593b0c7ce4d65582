// The example of injected workloads, as far as no API server is needed to read it; test/cluster/api/examples.test.ts asks one.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { runCommand } from '../../support/cli.ts';

const ROOT = join(import.meta.dirname, '../../..');
const BASE = join(ROOT, 'k8s/examples/injected/base');

const readYaml = async (file: string): Promise<unknown> => load(await readFile(file, 'utf8'));

interface Kustomization {
  readonly configMapGenerator: ReadonlyArray<{
    readonly files: readonly string[];
    readonly options: { readonly labels: object };
  }>;
}

describe('the example of injected workloads', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-example-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has an application team annotate its Deployment, and change nothing else', async () => {
    const lines = (await readFile(join(BASE, 'deployment.yaml'), 'utf8')).split('\n');
    const said = lines.filter((line) => !line.startsWith('#') && /postern/i.test(line));
    expect(said).toEqual([expect.stringContaining('annotations: { postern.dev/inject: enabled }')]);
    for (const file of ['job.yaml', 'cronjob.yaml', 'statefulset.yaml'])
      expect((await readFile(join(BASE, file), 'utf8')).replaceAll(/^#.*$/gm, '')).not.toMatch(/postern/i);
  });

  it('makes the ConfigMap of all policies, and of no test', async () => {
    const { configMapGenerator } = (await readYaml(join(BASE, 'kustomization.yaml'))) as Kustomization;
    const [{ files, options } = { files: [], options: { labels: {} } }] = configMapGenerator;
    const there = (await readdir(join(BASE, 'policies'))).filter((name) => !name.endsWith('_test.rego'));
    expect([...files].sort()).toEqual(there.map((name) => `policies/${name}`).sort());
    expect(options.labels).toEqual({ 'postern.dev/policy': 'rego' });
  });

  it('adds policies to what the chart sets for everybody', async () => {
    const values = (await readYaml(join(ROOT, 'charts/postern/values.yaml'))) as {
      policies: Readonly<Record<string, string>>;
    };
    const platform = join(folder, 'platform/postern-system/postern-policy');
    await mkdir(platform, { recursive: true });
    for (const [name, text] of Object.entries(values.policies)) await writeFile(join(platform, name), text);
    const own = join(folder, 'own');
    await cp(join(BASE, 'policies'), join(own, 'postern-injected/refunds'), { recursive: true });
    const paths = ['--directory', own, '--platform', join(folder, 'platform')];
    const built = await runCommand(
      'policy',
      'build',
      '--configmaps',
      ...paths,
      '--bundle',
      join(folder, 'b.tgz'),
    );
    expect(built).toMatchObject({ code: 0 });
  });
});
