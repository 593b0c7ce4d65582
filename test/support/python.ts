// The Python SDKs in a process of their own: questions in, what each SDK made of the answer out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');
const PYTHON = join(ROOT, '.cache/python/bin/python');
const CLIENTS = join(ROOT, 'test/python/clients.py');

/** Whether `make test` could set them up; it says so where it could not. */
export const hasPython = existsSync(PYTHON);

export interface Question {
  readonly sdk: string;
  readonly base: string;
  readonly prompt: string;
  readonly stream: boolean;
  readonly tool: boolean;
}

export interface Heard {
  readonly text?: string;
  readonly refusal?: string | null;
  readonly finish?: string | null;
  readonly calls?: ReadonlyArray<readonly [name: string, values: string]>;
  readonly error?: { readonly class: string; readonly status: unknown; readonly message: string };
}

export interface PythonClients extends AsyncDisposable {
  ask(question: Question): Promise<Heard>;
}

/** Importing the SDKs takes seconds: one process serves all tests of a file, one question at a time. */
export async function startPython(): Promise<PythonClients> {
  const child = spawn(PYTHON, ['-B', '-W', 'ignore', CLIENTS], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The Python clients have ended.');
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
