// What the command beside the gate is told by signals, from the first moment on; before there is one, they end the start.
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
const ENDING: readonly string[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** The terminal tells its whole group of these. */
const OF_TERMINALS: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/** As shells tell a signal. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** What is thrown where a start is ended. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.exitCode = exitCodeOf(signal);
  }
}

export class Signals implements Disposable {
  readonly #start = new AbortController();
  #child: ChildProcess | null = null;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#take);
  }

  /** Aborted, with `Interrupted` as its reason, by a signal that comes before the command. */
  get start(): AbortSignal {
    return this.#start.signal;
  }

  /** From now on it is told. */
  lead(child: ChildProcess): void {
    this.#child = child;
  }

  readonly #take = (signal: NodeJS.Signals): void => {
    if (this.#child === null) {
      if (ENDING.includes(signal)) this.#start.abort(new Interrupted(signal));
    } else if (!(process.stdin.isTTY && OF_TERMINALS.includes(signal))) {
      this.#child.kill(signal);
    }
  };

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#take);
  }
}
