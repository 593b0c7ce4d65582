import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type CliRun } from '../../../support/cli.ts';

const POLICY = `# METADATA
# title: Few tools
# description: A model is offered few tools.
# scope: package
# custom:
#   id: T-1
#   severity: low
#   phases: [request]
#   default_mode: audit
package postern.policies.team.tools

deny contains {"code": "team.tools", "msg": "Too many | tools."} if not are_few

are_few if {
	is_number(data.config.most_tools)
	count(input.tools) <= data.config.most_tools
	count([finding | some finding in input.findings; finding.code == "team.tool"]) == 0
	not data.config.strange == true
}
`;
const TEST = `package postern.policies.team.tools_test

import data.postern.policies.team.tools

test_few_pass if count(tools.deny) == 0 with input as {"tools": [], "findings": []}

test_without_tools_nothing_is_known if count(tools.deny) == 1 with input as {}
`;
const CASES = 'cases: [{name: nothing is offered, request: Hello, expect: allow}]\n';

describe('postern policy docs', () => {
  let directory: string;
  const within = (name: string): string => join(directory, name);
  const docs = (...args: readonly string[]): Promise<CliRun> =>
    runCommand('policy', 'docs', directory, ...args);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-docs-'));
    await writeFile(within('tools.rego'), POLICY);
    await writeFile(within('tools_test.rego'), TEST);
    await writeFile(within('tools_cases.yaml'), CASES);
    await writeFile(within('config.yaml'), 'most_tools: 3\n');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('describes what each policy of the directory is, says and reads, and no built-in one', async () => {
    const { code, stdout } = await docs();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `# Policies

Generated from METADATA and rules by \`postern policy docs\`.

| id | policy | title | severity | phases | default mode |
| --- | --- | --- | --- | --- | --- |
| T-1 | [\`team.tools\`](#teamtools) | Few tools | low | request | audit |

## team.tools

**Few tools.** A model is offered few tools.

| action | code | message |
| --- | --- | --- |
| deny | \`team.tools\` | Too many \\| tools. |

| setting | value |
| --- | --- |
| \`most_tools\` | \`3\` |
| \`strange\` | not set |

Reads the findings \`team.tool\`.

2 tests, 1 case.
`,
    });
  });

  it('gives programs the same', async () => {
    const { stdout } = await docs('-o', 'json');
    expect(JSON.parse(stdout)).toEqual({
      policies: [
        expect.objectContaining({
          policy: 'team.tools',
          id: 'T-1',
          says: [{ action: 'deny', code: 'team.tools', message: 'Too many | tools.' }],
          settings: [{ name: 'most_tools', value: 3 }, { name: 'strange' }],
          tests: 2,
          cases: 1,
        }),
      ],
    });
  });

  it('writes a page, and tells when it is stale', async () => {
    const page = within('POLICIES.md');
    expect(await docs('--check', page)).toMatchObject({ code: 1 });
    expect(await docs('--out', page)).toMatchObject({ code: 0, stdout: `${page}\n` });
    expect(await docs('--check', page)).toMatchObject({ code: 0 });
    await writeFile(within('config.yaml'), 'most_tools: 4\n');
    expect(await docs('--check', page)).toMatchObject({ code: 1, stdout: expect.stringContaining('stale') });
    expect(await readFile(page, 'utf8')).toContain('`3`');
  });

  it('wants one thing at a time, and a file that it can write', async () => {
    expect(await docs('--check', 'a', '--out', 'b')).toMatchObject({ code: 64, stdout: '' });
    expect(await docs('--out', within('nowhere/page.md'))).toMatchObject({ code: 64, stdout: '' });
  });
});
