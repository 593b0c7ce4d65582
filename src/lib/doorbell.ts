// Something that happens at any time in; a loop that waits for it, or for a while at most, out. No ring is lost.

export class Doorbell {
  #rung = false;
  #answer: () => void = () => undefined;

  get isRung(): boolean {
    return this.#rung;
  }

  ring(): void {
    this.#rung = true;
    this.#answer();
  }

  /** What rings from now on is for the next wait. */
  reset(): void {
    this.#rung = false;
  }

  /** True when it rang, false when `timeoutMs` passed without. */
  wait(timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, timeoutMs, false);
    this.#answer = () => {
      clearTimeout(timer);
      resolve(true);
    };
    if (this.#rung) this.#answer();
    return promise;
  }
}
