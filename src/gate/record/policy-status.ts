// What became of attempts to load policies, kept as plain numbers until somebody asks.

export type PolicyEvent = { readonly kind: 'loaded'; readonly digest: string } | { readonly kind: 'failed' };

export class PolicyStatus {
  #loaded = 0;
  #failed = 0;
  #current: { readonly digest: string; readonly loadedAtMs: number } | null = null;

  note(event: PolicyEvent): void {
    if (event.kind === 'failed') {
      this.#failed += 1;
      return;
    }
    this.#loaded += 1;
    this.#current = { digest: event.digest, loadedAtMs: performance.now() };
  }

  get loaded(): number {
    return this.#loaded;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Null until a bundle was loaded. */
  current(): { readonly digest: string; readonly ageSeconds: number } | null {
    if (this.#current === null) return null;
    const { digest, loadedAtMs } = this.#current;
    return { digest, ageSeconds: (performance.now() - loadedAtMs) / 1000 };
  }
}
