import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PAGES } from '../../../tools/docs/pages.ts';

const DOCS = join(import.meta.dirname, '../../../docs');

describe('pages made from the code', () => {
  it.each(Object.keys(PAGES))('docs/%s is as `make docs` writes it', async (name) => {
    expect(await readFile(join(DOCS, name), 'utf8')).toBe(await PAGES[name]?.());
  });
});
