// The built-in policies as a snapshot; compiled in a process of its own, since the compiler changes how its process works.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSnapshot, readBundle, type Bundle, type Snapshot } from '../../src/policy/index.ts';

const ROOT = join(import.meta.dirname, '../..');

export async function openBuiltIn(): Promise<{ readonly bundle: Bundle; readonly snapshot: Snapshot }> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  const file = join(folder, 'bundle.tar.gz');
  const args = [join(ROOT, 'src/main.ts'), 'policy', 'build', join(ROOT, 'rego/postern'), '--bundle', file];
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const bundle = readBundle(readFileSync(file));
  rmSync(folder, { recursive: true });
  if (!bundle.ok) throw new Error(bundle.error.message);
  const snapshot = await openSnapshot(bundle.value, {});
  if (!snapshot.ok) throw new Error(JSON.stringify(snapshot.error));
  return { bundle: bundle.value, snapshot: snapshot.value };
}
