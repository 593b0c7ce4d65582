import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const REGO = join(import.meta.dirname, '../../../rego');

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim();

const examples = readdirSync(join(REGO, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.rego'))
  .map((name) => withoutComments(readFileSync(join(REGO, 'examples', name), 'utf8')));

const blocks = [...readFileSync(join(REGO, 'README.md'), 'utf8').matchAll(/```rego\n(.*?)```/gs)].map(
  ([, text = '']) => withoutComments(text),
);

describe('the policies that rego/README.md shows', () => {
  it('are some', () => {
    expect(blocks.length).toBeGreaterThan(1);
  });

  it.each(blocks)('stand in rego/examples, where they are tested: %#', (block) => {
    expect(examples.filter((example) => example.includes(block))).toHaveLength(1);
  });
});
