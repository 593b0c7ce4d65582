import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const SRC = join(import.meta.dirname, '../../src');

/** One such class in a process, and V8 no longer inlines charCodeAt: every inspection took four times as long. */
it('no class extends String', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((name) => /\bextends String\b/.test(code(name)))).toEqual([]);
});

const code = (name: string): string =>
  readFileSync(join(SRC, name), 'utf8').replaceAll(/^\s*(\*|\/[/*]).*$/gm, '');
