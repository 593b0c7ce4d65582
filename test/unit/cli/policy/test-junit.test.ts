import { describe, expect, it } from '@jest/globals';
import { writeJunit } from '../../../../src/cli/policy/test-junit.ts';

const place = { file: 'a_test.rego', row: 3, col: 1, code: 'test.failed', message: 'x == "<y>"\n\u0001' };
const shelf = { pathOf: (file: string) => `policies/${file}`, textOf: () => undefined };

describe('a report for CI', () => {
  it('names suites, what failed in them and where, in XML that is well-formed', () => {
    const test = { ...place, package: 'data.a_test', name: 'test_a', output: '' };
    const failure = { ...place, file: 'a_cases.yaml', message: 'expected deny', manners: ['openai-chat'] };
    const written = writeJunit(
      {
        tests: [
          { ...test, outcome: 'fail' },
          { ...test, name: 'test_b', outcome: 'pass' },
        ],
        cases: [
          {
            ...place,
            file: 'a_cases.yaml',
            name: 'a & b',
            outcome: 'fail',
            tellings: 2,
            failures: [failure],
            lacking: [],
          },
        ],
        coverage: 100,
        files: {},
        inWasm: null,
      },
      shelf,
    );
    expect(written).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="data.a_test" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="data.a_test" name="test_a">
      <failure message="policies/a_test.rego:3:1: x == &quot;&lt;y&gt;&quot;&#10;\ufffd"/>
    </testcase>
    <testcase classname="data.a_test" name="test_b"/>
  </testsuite>
  <testsuite name="policies/a_cases.yaml" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="policies/a_cases.yaml" name="a &amp; b">
      <failure message="policies/a_cases.yaml:3:1: expected deny&#10;openai-chat"/>
    </testcase>
  </testsuite>
</testsuites>`);
  });
});
