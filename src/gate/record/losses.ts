// Counts what telemetry lost, and says so in the log at most once a minute. Loss never reaches the data path.
import type { Log } from './log.ts';

export type Signal = 'record' | 'span' | 'metrics';

const QUIET_MS = 60_000;

export class Losses {
  readonly #log: Log;
  readonly #counts: Record<Signal, number> = { record: 0, span: 0, metrics: 0 };
  #reportedAtMs = -QUIET_MS;

  constructor(log: Log) {
    this.#log = log;
  }

  add(signal: Signal, count: number): void {
    this.#counts[signal] += count;
    if (performance.now() - this.#reportedAtMs < QUIET_MS) return;
    this.#reportedAtMs = performance.now();
    this.#log.warn('telemetry was lost', { signal, count: this.#counts[signal] });
  }

  counts(): readonly (readonly [Signal, number])[] {
    return [
      ['record', this.#counts.record],
      ['span', this.#counts.span],
      ['metrics', this.#counts.metrics],
    ];
  }
}
