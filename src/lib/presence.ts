// Somebody who may go away in; whether they have, and who is to hear of it, out.

export class Presence {
  readonly #told = new Set<() => void>();
  #hasGone = false;
  #controller: AbortController | null = null;

  get hasGone(): boolean {
    return this.#hasGone;
  }

  /** Made when it is first asked for: most things are over before anybody waits for this, and signals are dear. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasGone) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Calls once, when they go. */
  tell(gone: () => void): void {
    this.#told.add(gone);
  }

  forget(gone: () => void): void {
    this.#told.delete(gone);
  }

  leave(): void {
    if (this.#hasGone) return;
    this.#hasGone = true;
    this.#controller?.abort();
    for (const gone of this.#told) gone();
    this.#told.clear();
  }
}
