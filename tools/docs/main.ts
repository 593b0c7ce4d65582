// Writes the files that are made from the code; with --check it only says which of them are stale, and fails.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PAGES } from './pages.ts';

const ROOT = join(import.meta.dirname, '../..');

for (const [name, write] of Object.entries(PAGES)) {
  const [file, page] = [join(ROOT, name), await write()];
  if ((await readFile(file, 'utf8').catch(() => '')) === page) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${name} is stale: run \`make docs\`\n`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page);
    process.stdout.write(`${name}\n`);
  }
}
