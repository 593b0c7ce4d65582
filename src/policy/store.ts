// Loaded snapshots and failures in; the one snapshot in force, and how loading goes, out.
import { isDeepStrictEqual } from 'node:util';
import type { PolicyIssue } from './issue.ts';
import type { Signature } from './signature.ts';
import type { Snapshot } from './snapshot.ts';

export interface PolicyStatus {
  readonly digest: string | null;
  readonly revision: string | null;
  /** Null where none was asked for: keys are not configured. */
  readonly signature: Signature | null;
  readonly loadedAtMs: number | null;
  /** `degraded`: the last good bundle is in force, because what came after it could not be loaded. */
  readonly state: 'ok' | 'degraded' | 'empty';
  readonly failure: LoadFailure | null;
  readonly loads: number;
  readonly failures: number;
}

export interface LoadFailure {
  readonly atMs: number;
  readonly issues: readonly PolicyIssue[];
}

export type PolicyEvent =
  | { readonly kind: 'loaded'; readonly digest: string; readonly keyId: string | null }
  | { readonly kind: 'failed'; readonly issues: readonly PolicyIssue[] }
  | { readonly kind: 'cleared' };

/** Readers take `current()` once for an exchange and keep it: a swap never reaches what is under way. */
export class PolicyStore {
  #snapshot: Snapshot | null = null;
  #signature: Signature | null = null;
  #failure: LoadFailure | null = null;
  #loads = 0;
  #failures = 0;
  readonly #subscribers = new Set<(event: PolicyEvent) => void>();

  current(): Snapshot | null {
    return this.#snapshot;
  }

  replace(snapshot: Snapshot, signature: Signature | null = null): void {
    this.#snapshot = snapshot;
    this.#signature = signature;
    this.#failure = null;
    this.#loads += 1;
    this.#tell({ kind: 'loaded', digest: snapshot.digest, keyId: signature?.keyId ?? null });
  }

  /** Nothing is there any more, and that is as it should be. */
  clear(): void {
    this.#snapshot = null;
    this.#signature = null;
    this.#failure = null;
    this.#tell({ kind: 'cleared' });
  }

  /** What is to be in force is: what failed since is past. */
  settle(): void {
    this.#failure = null;
  }

  /** Whether this is in force already, under the same signature; then it is settled. */
  confirm(snapshot: Snapshot, signature: Signature | null): boolean {
    const isSame = snapshot === this.#snapshot && isDeepStrictEqual(signature, this.#signature);
    if (isSame) this.settle();
    return isSame;
  }

  /** A bad bundle never replaces a good one. */
  fail(issues: readonly PolicyIssue[]): void {
    this.#failure = { atMs: Date.now(), issues };
    this.#failures += 1;
    this.#tell({ kind: 'failed', issues });
  }

  status(): PolicyStatus {
    const { digest, revision, loadedAtMs } = this.#snapshot ?? {
      digest: null,
      revision: null,
      loadedAtMs: null,
    };
    const state = this.#failure === null ? 'ok' : 'degraded';
    return {
      digest,
      revision,
      signature: this.#signature,
      loadedAtMs,
      state: digest === null ? 'empty' : state,
      failure: this.#failure,
      loads: this.#loads,
      failures: this.#failures,
    };
  }

  /** Returns how to end it. */
  subscribe(subscriber: (event: PolicyEvent) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => void this.#subscribers.delete(subscriber);
  }

  #tell(event: PolicyEvent): void {
    for (const subscriber of this.#subscribers) subscriber(event);
  }
}
