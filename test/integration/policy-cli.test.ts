import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readsText } from '../../src/gate/decide/index.ts';
import { readBundle } from '../../src/policy/bundle.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const POLICY = `package postern.policies.legal.contracts

deny contains "Ask the legal department." if {
	some finding in input.findings
	finding.code == "legal.contract"
}
`;
const TEST = `package postern.policies.legal.contracts_test

import data.postern.policies.legal.contracts

test_denies if count(contracts.deny) == 1 with input.findings as [{"code": "legal.contract"}]

test_is_wrong if {
	count(contracts.deny) == 1
}
`;

const CASES = `cases:
  - name: a contract is refused
    request: Please draft a contract.
    expect: { action: deny, message: Ask the legal department. }
  - name: small talk
    answer: Good day.
    expect: deny
`;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('postern policy', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-cli-'));
    await writeFile(join(directory, 'contracts.rego'), POLICY);
  });
  afterAll(() => rm(directory, { recursive: true }));

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> => {
    const { promise, resolve } = Promise.withResolvers<Run>();
    const argv = ['--disable-warning=ExperimentalWarning', MAIN, ...args];
    execFile(
      process.execPath,
      argv,
      { cwd: directory, env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    return promise;
  };
  const policy = (...args: readonly string[]): Promise<Run> => run(['policy', ...args]);

  it('builds a bundle with the built-in policies in it', async () => {
    const { code, stdout } = await policy('build', '--directory', '.', '--bundle', 'b.tar.gz', '-o', 'json');
    expect({ code, stdout }).toMatchObject({ code: 0 });
    const bundle = readBundle(await readFile(join(directory, 'b.tar.gz')));
    if (!bundle.ok) throw new Error(bundle.error.message);
    const ids = bundle.value.policies.map(({ id }) => id);
    expect(JSON.parse(stdout)).toMatchObject({
      digest: bundle.value.digest,
      policies: ids,
      reads: bundle.value.reads,
    });
    expect(ids).toEqual(expect.arrayContaining(['legal.contracts', 'secrets.prompts']));
    expect(readsText(bundle.value.reads, 'request')).toBe(false);
  });

  it('shows the line of a mistake to people, and its place to programs', async () => {
    const file = join(directory, 'wrong.rego');
    await writeFile(file, 'package postern.policies.a.b\n\ndeny contains "x" if http.send({})\n');
    const people = await policy('check', '--no-builtin');
    expect(people).toEqual({
      code: 1,
      stdout: `wrong.rego:3:22: policy.builtin: the built-in http.send is not offered to policies
    3 | deny contains "x" if http.send({})
      |                      ^
`,
      stderr: '',
    });
    const programs = await policy('build', directory, '--no-builtin', '--bundle', 'never', '-o', 'json');
    expect(programs.code).toBe(1);
    expect(JSON.parse(programs.stdout)).toEqual({
      issues: [
        {
          file: 'wrong.rego',
          row: 3,
          col: 22,
          code: 'policy.builtin',
          message: 'the built-in http.send is not offered to policies',
        },
      ],
    });
    await rm(file);
  });

  it('fails when a test fails, and names the expression that did not hold', async () => {
    const file = join(directory, 'contracts_test.rego');
    await writeFile(file, TEST);
    const { code, stdout } = await policy('test', '--no-builtin');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `FAIL data.postern.policies.legal.contracts_test.test_is_wrong
contracts_test.rego:8:2: test.failed: count(contracts.deny) == 1
    8 | 	count(contracts.deny) == 1
      | 	^
1 pass, 1 fail, 2 the same in WASM, 100 % of the policies' lines covered
`,
    });
    await rm(file);
  });

  it('builds nothing of what fails its own tests, unless it is told to', async () => {
    const file = join(directory, 'contracts_test.rego');
    await writeFile(file, TEST);
    const refused = await policy('build', '--no-builtin', '--bundle', 'untested.tar.gz');
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('FAIL data.postern.policies.legal'),
    });
    expect(refused.stderr).toContain('nothing was built');
    const told = await policy('build', '--no-builtin', '--bundle', 'untested.tar.gz', '-o', 'json');
    expect([told.code, JSON.parse(told.stdout)]).toMatchObject([1, { tests: [{ name: 'test_is_wrong' }] }]);
    await expect(readFile(join(directory, 'untested.tar.gz'))).rejects.toThrow('ENOENT');
    const skipped = await policy('build', '--no-builtin', '--bundle', 'untested.tar.gz', '--skip-tests');
    expect(skipped).toMatchObject({ code: 0 });
    expect(await readFile(join(directory, 'untested.tar.gz'))).toBeInstanceOf(Buffer);
    await rm(file);
  });

  it('judges cases in every dialect, and shows the expectation that is not met', async () => {
    await writeFile(
      join(directory, 'patterns.yaml'),
      '- { id: legal.contract, literal: draft a contract }\n',
    );
    await writeFile(join(directory, 'contracts_cases.yaml'), CASES);
    const { code, stdout } = await policy('test', '--no-builtin');
    expect({ code, stdout: stdout.replace(/told in \d\d+ ways/, 'told in many ways') }).toEqual({
      code: 1,
      stdout: `FAIL small talk
contracts_cases.yaml:7:5: case.failed: expected deny, got allow
    7 |     expect: deny
      |     ^
0 pass, 0 % of the policies' lines covered
cases: 1 pass, 1 fail, told in many ways
`,
    });
    expect(await policy('test', '--no-builtin', '--run', '^a contract')).toMatchObject({ code: 0 });
    const junit = await policy('test', '--no-builtin', '-o', 'junit');
    expect(junit).toMatchObject({ code: 1, stdout: expect.stringContaining('failures="1"') });
    // A bundle is the same with and without them: they are neither policies nor data.
    expect(await policy('build', '--no-builtin', '--bundle', 'b.tar.gz', '--skip-tests')).toMatchObject({
      code: 0,
    });
    await rm(join(directory, 'contracts_cases.yaml'));
    await rm(join(directory, 'patterns.yaml'));
  });

  it('shows the lines that no test reaches, and fails where too few are covered', async () => {
    const { code, stdout } = await policy('test', '--no-builtin', '--coverage', '--threshold', '1');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `    0 %  contracts.rego
          3 | deny contains "Ask the legal department." if {
          5 | 	finding.code == "legal.contract"
0 pass, 0 % of the policies' lines covered
0 % of the policies is covered, less than 1 %
`,
    });
    expect(await policy('test', '--no-builtin', '--threshold', '0')).toMatchObject({ code: 0 });
    expect(await policy('test', '--threshold', 'most')).toMatchObject({ code: 64 });
    expect(await policy('test', '--run', '(')).toMatchObject({ code: 64 });
  });

  it('says what policies say to one input', async () => {
    await writeFile(join(directory, '.input.json'), '{"findings": [{"code": "legal.contract"}]}');
    const { code, stdout } = await policy('eval', '--no-builtin', '--input', '.input.json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({
      code: 0,
      'legal.contracts': { deny: ['Ask the legal department.'] },
    });
  });

  it('explains what an input is decided by, with the line and the facts', async () => {
    await writeFile(join(directory, '.input.json'), '{"findings": [{"code": "legal.contract"}]}');
    const { code, stdout } = await policy('explain', '--no-builtin', '--input', '.input.json');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `deny (.input.json)

deny legal.contracts.deny: Ask the legal department.
contracts.rego:3:1: legal.contracts
    3 | deny contains "Ask the legal department." if {
      | ^
        input.findings[0].code  "legal.contract"
`,
    });
    expect(await policy('explain', '--input', 'a', '--case', 'b')).toMatchObject({ code: 64 });
    expect(await policy('explain', '--body', '.input.json')).toMatchObject({ code: 64 });
    expect(await policy('explain', '--no-builtin', '--case', 'none')).toMatchObject({ code: 1 });
  });

  it('formats what is not formatted, and only complains when asked to check', async () => {
    const file = join(directory, 'loose.rego');
    await writeFile(file, 'package  a\nx  :=  1\n');
    expect(await policy('fmt', '--check', '.')).toMatchObject({ code: 1, stdout: 'loose.rego\n' });
    expect(await policy('fmt', 'loose.rego')).toMatchObject({ code: 0, stdout: 'loose.rego\n' });
    expect(await readFile(file, 'utf8')).toBe('package a\n\nx := 1\n');
    await rm(file);
  });

  it('helps at every level, and ends with 64 when it does not understand', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('policy') });
    expect(await policy('build', '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--bundle FILE'),
    });
    const wrong = [
      ['build'],
      ['nothing'],
      ['check', '--nothing'],
      ['check', 'a', 'b'],
      ['check', '-o', 'xml'],
    ];
    const runs = await Promise.all(wrong.map((args) => policy(...args)));
    expect(runs.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      wrong.map(() => ({ code: 64, stdout: '' })),
    );
  });

  it('ends with 65 for a directory that cannot be read, and with 69 where there is no compiler', async () => {
    expect(await policy('check', 'nowhere')).toMatchObject({
      code: 65,
      stdout: 'nowhere: policy.unreadable: Cannot be read: ENOENT.\n',
    });
    const without = await run(['policy', 'check'], { POSTERN_CACHE: directory, PATH: directory });
    expect(without).toMatchObject({ code: 69, stderr: expect.stringContaining('make regoc') });
  });

  it('ends with 69 where the compiler is an opa that cannot do it', async () => {
    const bin = join(directory, '.bin');
    await mkdir(bin);
    await writeFile(join(bin, 'opa'), '#!/bin/sh\necho "Version: 1.22.2"\n', { mode: 0o755 });
    const asks = [['lint'], ['lint', '--rules'], ['docs']];
    const env = { POSTERN_CACHE: bin, PATH: `${bin}:/usr/bin:/bin` };
    const runs = await Promise.all(asks.map((args) => run(['policy', ...args], env)));
    expect(runs).toEqual(
      asks.map(() => ({ code: 69, stdout: '', stderr: expect.stringContaining('an opa on PATH cannot') })),
    );
  });
});
