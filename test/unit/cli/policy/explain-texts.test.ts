import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type CliRun } from '../../../support/cli.ts';

const POLICY = `# METADATA
# title: Orders
# description: Masks order numbers.
# custom:
#   severity: low
package postern.policies.team.orders

verdicts contains {"action": "redact", "code": "orders.masked", "message": "They are masked.", "spans": spans} if {
	count(spans) > 0
}

spans := [{"part": i, "start": found.start, "end": found.end} |
	some i, p in input.parts
	some found in postern.matches(p, "ORD-[0-9]{4}")
]
`;
const CASES = `cases:
  - { name: masked, request: Where is ORD-1234?, expect: redact }
`;
const SAID = { kind: 'text', origin: 'user', text: 'Where is ORD-1234?' };
const SPANS = [{ part: 0, start: 9, end: 17 }];

describe('a policy that looks into texts', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-looking-'));
    await writeFile(join(directory, 'orders.rego'), POLICY);
    await writeFile(join(directory, 'orders_cases.yaml'), CASES);
  });
  afterAll(() => rm(directory, { recursive: true }));

  const ask = async (part: object, deed: string, ...args: readonly string[]): Promise<CliRun> => {
    const input = join(directory, '.input.json');
    await writeFile(input, JSON.stringify({ phase: 'request', parts: [part] }));
    return runCommand('policy', deed, directory, '--no-builtin', '--input', input, '-o', 'json', ...args);
  };
  const SPANS_OF = ['--query', 'data.postern.policies.team.orders.spans'] as const;

  it('is evaluated and explained on texts that an input carries', async () => {
    const evaluated = await ask(SAID, 'eval', ...SPANS_OF);
    expect(JSON.parse(evaluated.stdout)).toEqual(SPANS);
    const explained = JSON.parse((await ask(SAID, 'explain')).stdout) as {
      differs: boolean;
      verdicts: object[];
    };
    expect(explained.differs).toBe(false);
    expect(explained.verdicts).toContainEqual(expect.objectContaining({ policy: 'team.orders', row: 8 }));
  });

  it('is explained for a case, which has its texts in the host', async () => {
    const { code, stdout } = await runCommand(
      'policy',
      'explain',
      directory,
      '--no-builtin',
      '--case',
      'masked',
      '-o',
      'json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ action: 'redact', verdicts: [{ code: 'orders.masked' }] });
  });

  it.each([{}, { '@text': 0 }])('finds nothing out about a part without its text: %j', async (handle) => {
    const { text: _, ...recorded } = SAID;
    for (const deed of ['eval', 'explain']) {
      const { code, stdout } = await ask({ ...recorded, ...handle }, deed);
      expect(code).toBe(1);
      expect(stdout).toContain('this is no part of the message');
    }
  });
});
