// What interception is worth at this moment: the grade of each mode, and whether the kernel still keeps its part.
import type { Config } from '../config/index.ts';
import { GRADES, type Grade, type InterceptionMode } from '../exchange/index.ts';
import type { CanaryState } from '../gate/intercept/index.ts';
import type { Shedding } from './strain.ts';

export class Standing {
  readonly modes: readonly InterceptionMode[];
  readonly #isStrict: boolean;
  /** Whoever goes round the gate comes to them without a credential. */
  readonly #bound: readonly string[];
  #canary: (() => CanaryState) | null = null;
  /** What is given up for want of memory or time. */
  shedding: Shedding = 'nothing';

  constructor({ listen, interception, upstreams }: Pick<Config, 'listen' | 'interception' | 'upstreams'>) {
    this.#isStrict = interception.isStrict;
    this.#bound = [...upstreams.values()].filter(({ isBound }) => isBound === true).map(({ name }) => name);
    this.modes = [
      'env',
      ...(['proxy', 'hosts', 'redirect'] as const).filter((mode) => listen[mode] !== null),
    ];
  }

  watch(canary: () => CanaryState): void {
    this.#canary = canary;
  }

  /** Rules that are gone hold nobody. */
  gradeOf(mode: InterceptionMode): Grade {
    return mode === 'redirect' && this.#isGone() ? 'cooperative' : GRADES[mode];
  }

  /** Null while all is well. */
  problem(): string | null {
    return this.#isGone() ? 'the rules that lead connections here are gone' : null;
  }

  /** Nothing may go out unseen: then it is better that nothing goes out. */
  isAlive(): boolean {
    return !this.#isStrict || this.problem() === null;
  }

  describe(): object {
    return {
      strict: this.#isStrict,
      modes: this.modes.map((mode) => ({ mode, grade: this.gradeOf(mode) })),
      bound: this.#bound,
      ...(this.#canary === null ? {} : { canary: this.#canary() }),
    };
  }

  #isGone(): boolean {
    return this.#canary?.().isAlive === false;
  }
}
