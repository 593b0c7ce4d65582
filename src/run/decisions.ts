// The audit log of a gate, as it grows, in; decisions as they fall, on standard error, out.
import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';

export interface Decisions {
  /** Prints what is still to be printed. */
  close(): Promise<void>;
}

const EVERY_MS = 100;

export function openDecisions(file: string, format: 'table' | 'json'): Decisions {
  const closing = new AbortController();
  const print = (line: string): void => {
    const text = format === 'json' ? line : describe(line);
    if (text !== null) process.stderr.write(`${text}\n`);
  };
  const follow = async (): Promise<void> => {
    const tail = new Tail(file);
    while (!closing.signal.aborted) {
      await tail.read(print);
      await sleep(EVERY_MS);
    }
    await tail.read(print);
  };
  const following = follow();
  return {
    close: async () => {
      // The last answer is out before its line is written.
      await sleep(EVERY_MS);
      closing.abort();
      await following;
    },
  };
}

/** Reads on from where it was; what has no line end yet waits. */
class Tail {
  readonly #file: string;
  #at = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  async read(take: (line: string) => void): Promise<void> {
    try {
      for await (const chunk of createReadStream(this.#file, { start: this.#at })) this.#add(chunk as Buffer);
    } catch {
      return; // it is not there before the first decision
    }
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    lines.filter((line) => line !== '').forEach(take);
  }

  #add(chunk: Buffer): void {
    this.#at += chunk.length;
    this.#rest += chunk.toString('latin1');
  }
}

interface Entry {
  readonly path?: string;
  readonly input?: {
    readonly upstream?: string | null;
    readonly operation?: string | null;
    readonly model?: string;
  };
  readonly result?: { readonly action?: string; readonly reasons?: ReadonlyArray<{ readonly code: string }> };
  readonly error?: { readonly code: string };
}

const COLOURS: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  allow: 'green',
  flag: 'yellow',
  redact: 'yellow',
  rewrite: 'yellow',
  escalate: 'red',
  deny: 'red',
};

/** Null for lines that tell of no decision. */
function describe(line: string): string | null {
  const { path = '', input = {}, result = {}, error } = JSON.parse(line) as Entry;
  const side = /^postern\/(request|response|failure)$/.exec(path)?.[1];
  if (side === undefined) return null;
  const { action = '' } = result;
  const codes = [
    ...(result.reasons ?? []).map(({ code }) => code),
    ...(error === undefined ? [] : [error.code]),
  ];
  const where = [input.upstream, input.operation, input.model].filter(
    (word) => typeof word === 'string' && word !== '',
  );
  const coloured = styleText(COLOURS[action] ?? 'reset', action.padEnd(8), { stream: process.stderr });
  return ['postern', coloured, side.padEnd(8), where.join(' '), codes.join(', ')]
    .filter((word) => word !== '')
    .join('  ');
}
