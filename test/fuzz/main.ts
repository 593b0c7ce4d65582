// make fuzz: every parser, a bounded time each. TARGET=name picks one, SECONDS its time, SEED what is tried.
import { keep, readCorpus } from './corpus.ts';
import { distil, fuzz, shrink } from './fuzz.ts';
import type { FuzzTarget } from './target.ts';
import { TARGETS } from './targets/index.ts';

const { TARGET, SECONDS = '10', SEED = String(Date.now() % 2 ** 31) } = process.env;
const chosen = TARGETS.filter(({ name }) => TARGET === undefined || TARGET === '' || name === TARGET);
if (chosen.length === 0) {
  process.stderr.write(`There is no target ${TARGET ?? ''}: ${TARGETS.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 64;
}
process.stdout.write(`seed ${SEED}, ${SECONDS} s each\n`);
for (const target of chosen) run(target);

function run(target: FuzzTarget): void {
  const known = readCorpus(target.name);
  const { tried, covered, found, failure } = fuzz(target, known, {
    milliseconds: Number(SECONDS) * 1000,
    seed: Number(SEED),
  });
  const kept = distil(target, known, found);
  for (const input of kept) keep(target.name, input);
  process.stdout.write(
    `${target.name.padEnd(28)} ${String(tried).padStart(8)} tried, ${String(covered)} stretches covered, ${String(kept.length)} kept\n`,
  );
  if (failure === null) return;
  const file = keep(target.name, shrink(target, failure.input));
  process.stdout.write(`${target.name}: ${failure.error.message}\n${failure.error.stack ?? ''}\n  ${file}\n`);
  process.exitCode = 1;
}
