// The SDKs of a language in a process of their own: questions in, what each SDK made of the answer out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Heard, Question } from '../node/question.ts';

const ROOT = join(import.meta.dirname, '../..');
export const PYTHON = join(ROOT, '.cache/python/bin/python');

/** Whether `make test` could set them up; it says so where it could not. */
export const hasPython = existsSync(PYTHON);

export interface SdkClients extends AsyncDisposable {
  ask(question: Question): Promise<Heard>;
}

export const startPython = (): Promise<SdkClients> =>
  start(PYTHON, ['-B', '-W', 'ignore', join(ROOT, 'test/python/clients.py')]);

export const startNode = (): Promise<SdkClients> =>
  start(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'test/node/clients.ts')]);

/** Importing the SDKs takes seconds: one process serves all tests of a file, one question at a time. */
async function start(command: string, args: readonly string[]): Promise<SdkClients> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The clients have ended.');
    return JSON.parse(value);
  };
  await next();
  return {
    ask: async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return (await next()) as Heard;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
