// The only place that can make a Permitted. Forwarding takes nothing else, so passing unjudged bytes does not compile.
import { isRefusal, type Decision } from '../../exchange/index.ts';

/** Proof that `value` is exactly what a decision let pass. */
export class Permitted<T> {
  readonly #value: T;

  private constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Null when the decision refuses, so that a refusal cannot be turned into a permit by mistake. */
  static mint<T>(decision: Decision, value: T): Permitted<T> | null {
    return isRefusal(decision.action) ? null : new Permitted(value);
  }
}
