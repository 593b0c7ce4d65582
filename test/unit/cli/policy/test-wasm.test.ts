import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type CliRun } from '../../../support/cli.ts';

const POLICY = `package postern.policies.team.models

deny contains "This model is not known here." if not is_known

is_known if input.model in data.config.models
`;
const TESTS = `package team.models_test

import data.postern.policies.team.models

test_mocks_of_input_and_data if {
	count(models.deny) == 0 with input as {"model": "a"} with data.config.models as ["a"]
	count(models.deny) == 1 with input as {"model": "b"} with data.config.models as ["a"]
}

test_each[name] := count(deny) == said if {
	some name, said in {"a": 0, "b": 1}
	deny := models.deny with input as {"model": name} with data.config.models as ["a"]
}
`;

describe('postern policy test, in WASM', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-twins-'));
    await writeFile(join(directory, 'models.rego'), POLICY);
  });
  afterAll(() => rm(directory, { recursive: true }));

  const test = async (tests: string, ...args: readonly string[]): Promise<CliRun> => {
    await writeFile(join(directory, 'models_test.rego'), tests);
    return runCommand('policy', 'test', directory, '--no-builtin', ...args);
  };

  it('says of how many tests it says the same, mocks included', async () => {
    const { code, stdout } = await test(TESTS);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "2 pass, 2 the same in WASM, 100 % of the policies' lines covered\n",
    });
  });

  it('asks the same host for texts in OPA and in WASM', async () => {
    const searching = `package team.models_test

part := {"kind": "text", "text": "Send ORD-12 to Igor"}

test_expression if postern.matches(part, "[A-Z]+-[0-9]+") == [{"start": 5, "end": 11}]

test_literals if postern.contains_any(part, {"ord", "igor"}) == [
	{"literal": "ord", "start": 5, "end": 8},
	{"literal": "igor", "start": 15, "end": 19},
]
`;
    expect(await test(searching)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 pass, 2 the same in WASM'),
    });
    const none = await test(searching.replace('"text": "Send ORD-12 to Igor"', '"chars": 19'));
    expect(none).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('this is no part of the message'),
    });
  });

  it('names the tests that cannot run there, and the built-ins they need', async () => {
    const clock = `${TESTS}\ntest_clock if now > 3\n\nnow := time.now_ns()\n`;
    const { code, stdout } = await test(clock);
    expect(code).toBe(0);
    expect(stdout).toContain('not in WASM, which lacks time.now_ns: data.team.models_test.test_clock\n');
  });

  it('fails a test that holds in OPA and not there, with its place', async () => {
    const large = `${TESTS}\ntest_large if format_int(18446744073709551616, 10) == "18446744073709551616"\n`;
    const { code, stdout } = await test(large, '-o', 'json');
    expect(code).toBe(1);
    const { tests } = JSON.parse(stdout) as { tests: ReadonlyArray<{ name: string }> };
    expect(tests.find(({ name }) => name === 'test_large')).toEqual({
      package: 'data.team.models_test',
      name: 'test_large',
      outcome: 'error',
      file: 'models_test.rego',
      row: 15,
      col: 1,
      code: 'test.differs',
      message: 'OPA says true, WASM says that it cannot be evaluated',
      output: '',
    });
  });
});
