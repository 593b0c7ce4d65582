// A program that waits to be told what to do in; at any time one that has got ready already, for whoever waits for its answer, out.
import { Socket } from 'node:net';
import { startProgram, type Running } from './run-program.ts';

/** Each does one thing and ends: nothing of what strangers had it do is left for the next. */
export class SpareProgram {
  readonly #args: readonly string[];
  #spare: Running | null = null;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** `options` are those that it waits for. Its successor gets ready when it has ended. */
  begin(options: Readonly<Record<string, string | boolean>>): Running {
    const running = this.#take();
    running.child.ref();
    running.child.stdin.end(`${JSON.stringify(options)}\n`);
    void running.ended.then(() => (this.#spare ??= this.#start()));
    return running;
  }

  #take(): Running {
    const spare = this.#spare ?? this.#start();
    this.#spare = null;
    return spare;
  }

  /** It ends with us, when its input does; one that has ended by itself is none. */
  #start(): Running {
    const started = startProgram(this.#args);
    const { child } = started;
    child.unref();
    // Pipes are sockets, which streams in general are not.
    for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
    void started.ended.then(() => (this.#spare = this.#spare === started ? null : this.#spare));
    return started;
  }
}
