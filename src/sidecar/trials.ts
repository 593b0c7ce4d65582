// The candidate beside the policies in force: each exchange begins a trial by it; its status tells how it differs.
import {
  PosternError,
  type Comparison,
  type ExchangeRecord,
  type Phase,
  type Recorder,
} from '../exchange/index.ts';
import type { AuditLog } from '../gate/record/index.ts';
import type { PolicyStore, Snapshot } from '../policy/index.ts';
import { nowMs, type Account } from './account.ts';
import { SpareTime } from './spare-time.ts';
import { Tally, type TallyReport } from './tally.ts';
import { Trial } from './trial.ts';

export interface TrialsOptions {
  /** Empty while there is no candidate. */
  readonly candidates: PolicyStore;
  readonly recorder: Recorder;
  readonly audit: AuditLog | null;
  /** Of messages that wait for the candidate. */
  readonly waitingBytes: number;
}

const WAITING = 256;

export class Trials implements Disposable {
  readonly #options: TrialsOptions;
  readonly #spareTime: SpareTime;
  #tally = new Tally('');

  constructor(options: TrialsOptions) {
    this.#options = options;
    this.#spareTime = new SpareTime({ chores: WAITING, bytes: options.waitingBytes });
  }

  [Symbol.dispose](): void {
    this.#spareTime[Symbol.dispose]();
  }

  begin(account: Account, active: Snapshot | null): Trial {
    const { candidates, recorder } = this.#options;
    const candidate = candidates.current();
    return new Trial({
      parties: active === null || candidate === null ? null : { active, candidate },
      spareTime: this.#spareTime,
      note: (phase, comparison) => this.#note(account, phase, comparison),
      write: (record: ExchangeRecord) => recorder.write(record),
    });
  }

  status(): object {
    return { ...this.#options.candidates.status(), ...this.#report() };
  }

  /** Since the candidate came. */
  sides(): TallyReport['sides'] {
    return this.#report().sides;
  }

  #report(): TallyReport {
    const { digest } = this.#options.candidates.status();
    return (this.#tally.digest === digest ? this.#tally : new Tally('')).report();
  }

  #note(account: Account, phase: Phase, comparison: Comparison): void {
    this.#count(comparison);
    if (comparison.result === 'same' || comparison.result === 'dropped') return;
    try {
      this.#options.audit?.append({
        kind: 'comparison',
        exchange: account,
        atMs: nowMs(),
        phase,
        comparison,
      });
    } catch (error) {
      // Said by the log itself; what the candidate says stops no exchange.
      if (!(error instanceof PosternError)) throw error;
    }
  }

  /** Exchanges that began with an earlier candidate still speak of that one. */
  #count(comparison: Comparison): void {
    const digest = this.#options.candidates.status().digest;
    if (comparison.digest !== digest) return;
    if (this.#tally.digest !== digest) this.#tally = new Tally(digest);
    this.#tally.add(comparison);
  }
}
