import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PAGES } from '../../../tools/docs/pages.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('files made from the code', () => {
  it.each(Object.keys(PAGES))('%s is as `make docs` writes it', async (name) => {
    expect(await readFile(join(ROOT, name), 'utf8')).toBe(await PAGES[name]?.());
  });
});
