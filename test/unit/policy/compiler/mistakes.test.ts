import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  compilePolicies,
  NO_SOURCES,
  readSources,
  type RegoCompiler,
} from '../../../../src/policy/compiler/index.ts';
import { requireCompiler, sourcesOf } from '../../../support/rego.ts';

const GOLDEN = join(import.meta.dirname, '../../../golden/compile');
const isUpdating = process.env['UPDATE_GOLDEN'] === '1';
const BUILTIN = sourcesOf(
  {
    'lib/size.rego':
      'package postern.lib.size\n\nis_long(part) if part.chars > data.config.max_user_length\n',
    'policies/length.rego': `package postern.policies.limits.length

import data.postern.lib.size

deny contains "Too long." if {
	some part in input.parts
	size.is_long(part)
}
`,
    'data.yaml': 'config: {max_user_length: 10, limits: {n: 1}}\npatterns: []\n',
  },
  '@postern/',
);

/** Cases that are about what a directory has by itself. */
const ALONE = new Set(['none']);

describe('a mistake in policies is told with its place', () => {
  let compiler: RegoCompiler;
  beforeAll(async () => {
    compiler = await requireCompiler();
  });

  it.each(readdirSync(GOLDEN))('%s', async (name) => {
    const own = await readSources(join(GOLDEN, name));
    if (!own.ok) throw new Error(own.error.message);
    const builtin = ALONE.has(name) ? NO_SOURCES : BUILTIN;
    const compiled = await compilePolicies(own.value, { compiler, builtin, revision: '' });
    const issues = compiled.ok ? [] : compiled.error;
    const lines = issues.map(
      ({ file, row, col, code, message }) => `${file}:${row}:${col}: ${code}: ${message}\n`,
    );
    const expected = join(GOLDEN, name, 'expected.txt');
    if (isUpdating) writeFileSync(expected, lines.join(''));
    expect(lines.join('')).toBe(readFileSync(expected, 'utf8'));
    expect(compiled.ok).toBe(false);
  });
});
