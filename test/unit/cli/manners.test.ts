import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../src/cli/root.ts';
import { listCommands } from '../../../tools/docs/commands-page.ts';
import { podOf } from '../../support/admission.ts';
import { runCommand } from '../../support/cli.ts';

const COMMANDS = listCommands(ROOT).map(([path, command]) => ({ words: path.slice(1), command }));
const NAMES = COMMANDS.map(({ words }) => words.join(' '));

const AT_A_CLUSTER: readonly string[] = [];
/** What is typed after each command to have it do its work; `$DIR` holds one policy and an input. */
const WORK: Readonly<Record<string, readonly string[]>> = {
  init: ['--config', '$DIR/.postern.json', '--uid', '31337'],
  'policy check': ['$DIR', '--no-builtin'],
  'policy init': ['$DIR/.started'],
  'policy docs': ['$DIR', '--no-builtin'],
  'policy lint': ['--rules'],
  'policy test': ['$DIR', '--no-builtin'],
  'policy eval': ['$DIR', '--no-builtin', '--input', '$DIR/.input.json'],
  'policy explain': ['$DIR', '--no-builtin', '--input', '$DIR/.input.json'],
  'policy fmt': ['--check', '$DIR'],
  inject: ['-f', '$DIR/.pod.json'],
  uninject: ['-f', '$DIR/.pod.json'],
  'explain pod': ['-f', '$DIR/.pod.json'],
  replay: ['$DIR/.audit.jsonl', '--candidate', '$DIR/.candidate.tar.gz'],
  'hash-credential': ['$DIR/.input.json'],
  check: AT_A_CLUSTER,
  'policy status': AT_A_CLUSTER,
  'policy wait': AT_A_CLUSTER,
  'policy history': AT_A_CLUSTER,
  'policy approve': AT_A_CLUSTER,
  'policy pin': AT_A_CLUSTER,
  'policy unpin': AT_A_CLUSTER,
  'policy rollback': AT_A_CLUSTER,
  'policy schema': [],
  'policy build': ['$DIR', '--no-builtin', '--bundle', '$DIR/.bundle.tar.gz'],
  'policy bundle keygen': ['$DIR/.new'],
  'policy bundle sign': ['$DIR/.candidate.tar.gz', '--key', '$DIR/.key.pem', '--out', '$DIR/.out.tar.gz'],
  'policy bundle verify': ['$DIR/.signed.tar.gz', '--key', '$DIR/.key.pub.pem'],
};
const SIDECAR = {
  listen: { redirect: '127.0.0.1:7413' },
  interception: { trust_directory: '/run/trust' },
  upstreams: { openai: { provider: 'openai', url: 'https://api.openai.com' } },
  policy: { directory: 'policies' },
};
const AUDITED = {
  decision_id: 'a',
  path: 'postern/request',
  facts: {},
  erased: [],
  patterns: hash('sha256', '[]'),
  result: { action: 'allow', reasons: [] },
};
const POLICY = 'package postern.policies.a.b\n\ndeny contains "x" if input.model == "x"\n';

describe('every command', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-manners-'));
    await writeFile(join(directory, 'policy.rego'), POLICY);
    await writeFile(join(directory, '.input.json'), '{}');
    await writeFile(join(directory, '.postern.json'), JSON.stringify(SIDECAR));
    await writeFile(join(directory, '.pod.json'), JSON.stringify(podOf()));
    await writeFile(join(directory, '.audit.jsonl'), `${JSON.stringify(AUDITED)}\n`);
    const bundle = join(directory, '.candidate.tar.gz');
    await runCommand('policy', 'build', directory, '--no-builtin', '--bundle', bundle);
    const key = join(directory, '.key');
    await runCommand('policy', 'bundle', 'keygen', key);
    const signed = join(directory, '.signed.tar.gz');
    await runCommand('policy', 'bundle', 'sign', bundle, '--key', `${key}.pem`, '--out', signed);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it.each(COMMANDS)(
    '$words explains itself, with examples that begin with its name',
    async ({ words, command }) => {
      const { code, stdout } = await runCommand(...words, '--help');
      expect(code).toBe(0);
      expect(stdout.startsWith(command.summary)).toBe(true);
      for (const name of [...Object.keys(command.options), 'output', 'help'])
        expect(stdout).toContain(`--${name}`);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { line } of command.examples) {
        expect(line.startsWith(`${words.join(' ')} `)).toBe(true);
        expect(stdout).toContain(`postern ${line}\n`);
      }
    },
  );

  it.each(COMMANDS)('$words ends with 64 on wrong usage, and says what was meant', async ({ words }) => {
    const slip = await runCommand(...words, '--outptu', 'json');
    expect(slip).toEqual({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('there is no option --outptu; did you mean --output?'),
    });
    expect(slip.stderr).toContain(`Try: postern ${words.join(' ')} --help`);
    expect(await runCommand(...words, '-o', 'xml')).toMatchObject({ code: 64, stdout: '' });
  });

  // Those that speak to a cluster are tried at one: test/cluster/api.
  it.each(NAMES.filter((name) => WORK[name] !== AT_A_CLUSTER))(
    '%s has one JSON document for programs',
    async (name) => {
      const work = (WORK[name] ?? []).map((word) => word.replace('$DIR', directory));
      const { code, stdout } = await runCommand(...name.split(' '), ...work, '-o', 'json');
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(typeof JSON.parse(stdout)).toBe('object');
    },
  );

  it('is tried here', () => {
    expect(Object.keys(WORK).sort()).toEqual([...NAMES].sort());
  });

  it('is told apart from one that there is not', async () => {
    for (const [word, meant] of [
      ['tets', 'test'],
      ['biuld', 'build'],
      ['chekc', 'check'],
    ] as const)
      expect((await runCommand('policy', word)).stderr).toContain(
        `there is no command ${word}; did you mean ${meant}?`,
      );
    expect((await runCommand('polcy')).stderr).toContain('did you mean policy?');
    expect((await runCommand('policy', 'zebra')).stderr).toContain('there is no command zebra\n');
  });
});
