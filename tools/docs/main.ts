// Writes the pages of docs/ that are made from the code; with --check it only says which of them are stale, and fails.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAGES } from './pages.ts';

const DOCS = join(import.meta.dirname, '../../docs');

for (const [name, write] of Object.entries(PAGES)) {
  const [file, page] = [join(DOCS, name), await write()];
  if ((await readFile(file, 'utf8').catch(() => '')) === page) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`docs/${name} is stale: run \`make docs\`\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, page);
    process.stdout.write(`docs/${name}\n`);
  }
}
