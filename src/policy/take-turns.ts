// A compiler in; the same out, for several directories: one compilation at a time, since two would take twice the memory.
import type { Compile } from './spawn-compiler.ts';

export function takeTurns(compile: Compile): Compile {
  let last: Promise<unknown> = Promise.resolve();
  return (files, signal) => {
    const turn = last.then(() => compile(files, signal));
    last = turn.catch(() => undefined);
    return turn;
  };
}
