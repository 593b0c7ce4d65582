import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type CliRun } from '../../../support/cli.ts';

const METADATA = `# METADATA
# title: Models
# description: Only known models are asked.
# scope: package
# custom:
#   severity: high
#   phases: [request]
#   default_mode: enforce
`;
const POLICY = `${METADATA}package postern.policies.team.models

deny contains "This model is not known here." if not input.model in data.config.models
`;

describe('postern policy lint', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-lint-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const lint = async (policy: string, ...args: readonly string[]): Promise<CliRun> => {
    await writeFile(join(directory, 'models.rego'), policy);
    return runCommand('policy', 'lint', directory, ...args);
  };

  it('shows people the place, why it is wrong and what to do', async () => {
    const { code, stdout } = await lint(POLICY);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `${directory}/models.rego:11:69: error: undefined-negation: where data.config.models is missing this is undefined, not true, and the rule says nothing
   11 | deny contains "This model is not known here." if not input.model in data.config.models
      |                                                                     ^
      = Write the permission as a rule of its own and negate that: then whatever is missing forbids. docs/lint.md#undefined-negation
errors: 1, warnings: 0
`,
    });
  });

  it('gives programs the same', async () => {
    const { code, stdout } = await lint(POLICY, '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      issues: [
        {
          file: 'models.rego',
          row: 11,
          col: 69,
          code: 'undefined-negation',
          severity: 'error',
          docs: 'docs/lint.md#undefined-negation',
        },
      ],
    });
  });

  it('is content when the hole is closed, or when a reason is given', async () => {
    const closed = POLICY.replace(
      /deny.*\n/,
      'deny contains "This model is not known here." if not is_known\n\nis_known if input.model in data.config.models\n',
    );
    expect(await lint(closed)).toMatchObject({ code: 0, stdout: 'errors: 0, warnings: 0\n' });
    const excused = POLICY.replace(
      'deny',
      '# postern:ignore undefined-negation the list is always set\ndeny',
    );
    expect(await lint(excused)).toMatchObject({ code: 0 });
  });

  it('leaves the built-in policies and those of the platform alone', async () => {
    const platform = await mkdtemp(join(tmpdir(), 'postern-lint-'));
    await writeFile(join(platform, 'loose.rego'), POLICY.replaceAll('team', 'platform'));
    const own = POLICY.replace('not input.model in data.config.models', 'input.model == "x"');
    expect(await lint(own, '--platform', platform)).toMatchObject({ code: 0 });
    await rm(platform, { recursive: true });
  });

  it('says first what does not compile', async () => {
    const { code, stdout } = await lint(
      `${METADATA}package postern.policies.team.models\n\ndeny contains x if true\n`,
    );
    expect(code).toBe(1);
    expect(stdout).toContain('rego_unsafe_var_error');
  });
});
