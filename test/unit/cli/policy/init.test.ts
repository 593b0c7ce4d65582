import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { runCommand } from '../../../support/cli.ts';

interface Started {
  readonly files: readonly string[];
  readonly next: readonly string[];
}

describe('postern policy init', () => {
  let directory: string;
  const within = (name: string): string => join(directory, name);
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-init-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('starts a repository whose next commands, and all that its CI runs, end well', async () => {
    const { code, stdout } = await runCommand('policy', 'init', within('team'), '-o', 'json');
    expect(code).toBe(0);
    const { files, next } = JSON.parse(stdout) as Started;
    expect(files).toEqual(expect.arrayContaining([within('team/config.yaml'), within('team/.gitignore')]));
    const inCi = (await readFile(within('team/.gitlab-ci.yml'), 'utf8')).matchAll(/- (postern policy .*)/g);
    const lines = [...inCi].map(([, line = '']) =>
      line.replace(' . ', ` ${within('team')} `).replace(/ \.$/, ` ${within('team')}`),
    );
    const commands = new Set([
      ...next,
      ...lines.map((line) => line.replace('deploy/', within('team/deploy/'))),
    ]);
    expect(commands.size).toBe(6);
    for (const line of commands) {
      const run = await runCommand(...line.split(' ').slice(1));
      expect({ line, ...run }).toMatchObject({ line, code: 0 });
    }
  });

  it('has the same in CI wherever it runs', async () => {
    await runCommand('policy', 'init', directory);
    const lines = async (name: string): Promise<string[]> =>
      [...(await readFile(within(name), 'utf8')).matchAll(/(postern policy \w+(?: --check)? \.)/g)].map(
        ([line]) => line,
      );
    expect(await lines('.github/workflows/policies.yaml')).toEqual(await lines('.gitlab-ci.yml'));
    expect(load(await readFile(within('.github/workflows/policies.yaml'), 'utf8'))).toHaveProperty(
      'jobs.policies.steps',
    );
    expect(load(await readFile(within('.gitlab-ci.yml'), 'utf8'))).toHaveProperty('policies.script');
  });

  it('makes the ConfigMap that the example mounts', async () => {
    await runCommand('policy', 'init', directory);
    const example = await readFile(
      join(import.meta.dirname, '../../../../k8s/examples/env-mode/kustomization.yaml'),
      'utf8',
    );
    const [made] = (load(await readFile(within('deploy/Kustomization'), 'utf8')) as Kustomization)
      .configMapGenerator;
    expect((load(example) as Kustomization).configMapGenerator).toContainEqual(made);
  });

  it('overwrites nothing, and writes nothing then', async () => {
    await writeFile(within('config.yaml'), 'mine: true\n');
    expect(await runCommand('policy', 'init', directory)).toEqual({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining(
        `nothing is overwritten, and there already is ${within('config.yaml')}\n`,
      ),
    });
    expect(await readFile(within('config.yaml'), 'utf8')).toBe('mine: true\n');
    await expect(readFile(within('README.md'))).rejects.toThrow('ENOENT');
  });

  it('wants one directory', async () => {
    expect(await runCommand('policy', 'init')).toMatchObject({ code: 64 });
    expect(await runCommand('policy', 'init', within('a'), within('b'))).toMatchObject({ code: 64 });
    await writeFile(within('file'), '');
    expect(await runCommand('policy', 'init', within('file'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('cannot be written: '),
    });
  });
});

interface Kustomization {
  readonly configMapGenerator: readonly unknown[];
}
