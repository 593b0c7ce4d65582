import { describe, expect, it } from '@jest/globals';
import { writeModes } from '../../../../src/cluster/distribute/enforcement-action.ts';

const AFTER = 'package postern.policies.team.x\n';
const LARGE = 1024 * 1024;

function modesOf(text: string): unknown {
  const modes = writeModes('audit', [{ name: 'x.rego', bytes: Buffer.from(text) }]);
  return modes.ok && modes.value !== null ? JSON.parse(modes.value.bytes.toString()) : modes;
}

describe('an enforcement action', () => {
  it.each([
    ['alone', AFTER],
    ['after comments and blank lines', `# package a.b\n\n  \t# c\r\n\r\n\t${AFTER}`],
    ['before a comment', 'package postern.policies.team.x# why'],
    ['after a comment with a carriage return in it', `# a\rb\n${AFTER}`],
  ])('is said of a policy whose package stands %s', (_name, text) => {
    expect(modesOf(text)).toEqual({ policies: { 'team.x': 'audit' } });
  });

  it.each([
    ['something else comes first', `import rego.v1\n${AFTER}`],
    ['there is only a comment', `# ${AFTER.trim()}`],
    ['it is another’s', 'package team.lib\n'],
    ['its name is on another line', 'package\npostern.policies.team.x\n'],
    ['it only begins like one', 'packages postern.policies.team.x\n'],
  ])('is said of nothing where %s', (_name, text) => {
    expect(modesOf(text)).toEqual({ policies: {} });
  });

  // 36 line breaks alone once took 89 s.
  it.each([
    ['line breaks', '\n'.repeat(LARGE)],
    ['blanks and line breaks', ' \n\t'.repeat(LARGE / 3)],
    ['comments', '#\n'.repeat(LARGE / 2)],
    ['carriage returns', '\r'.repeat(LARGE)],
    ['blanks behind the word', `package${' \t'.repeat(LARGE / 2)}`],
    ['the word again and again', 'package '.repeat(LARGE / 8)],
  ])('is looked for in time that grows with the text alone in a MiB of %s', (_name, text) => {
    const startMs = performance.now();
    expect(modesOf(text)).toEqual({ policies: {} });
    expect(performance.now() - startMs).toBeLessThan(20_000);
  });
});
