// What became of attempts to load policies, kept as plain numbers until somebody asks.

export type PolicyEvent =
  | {
      readonly kind: 'loaded';
      readonly digest: string;
      /** Who signed it, proven; null where nobody was asked for. */
      readonly keyId: string | null;
    }
  | { readonly kind: 'failed' | 'cleared' };

interface Bundle {
  readonly digest: string;
  readonly keyId: string | null;
}

export class PolicyStatus {
  #loaded = 0;
  #failed = 0;
  #current: (Bundle & { readonly loadedAtMs: number }) | null = null;

  note(event: PolicyEvent): void {
    if (event.kind === 'failed') this.#failed += 1;
    if (event.kind !== 'loaded') return;
    this.#loaded += 1;
    const { digest, keyId } = event;
    this.#current = { digest, keyId, loadedAtMs: performance.now() };
  }

  get loaded(): number {
    return this.#loaded;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Null until a bundle was loaded. */
  current(): (Bundle & { readonly ageSeconds: number }) | null {
    if (this.#current === null) return null;
    const { loadedAtMs, ...bundle } = this.#current;
    return { ...bundle, ageSeconds: (performance.now() - loadedAtMs) / 1000 };
  }
}
