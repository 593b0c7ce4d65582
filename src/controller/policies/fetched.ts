// What is kept of bundles, and a pin, in; the same with the bytes of what is pinned, as soon as they were fetched, out.
import { findLacking, type KeptBundle } from '../../cluster/distribute/index.ts';

interface FetchedOptions {
  /** Null when it is not to be had now. */
  readonly fetch: (entry: KeptBundle) => Promise<KeptBundle | null>;
  readonly onChange: () => void;
}

const versionOf = ({ metadata: { uid, resourceVersion } }: KeptBundle): string =>
  `${uid ?? ''} ${resourceVersion ?? ''}`;

export class Fetched {
  readonly #options: FetchedOptions;
  /** One of each namespace that is pinned. */
  readonly #held = new Map<string, KeptBundle>();
  readonly #underWay = new Set<string>();

  constructor(options: FetchedOptions) {
    this.#options = options;
  }

  complete(namespace: string, kept: readonly KeptBundle[], pin: string | null): readonly KeptBundle[] {
    const lacking = findLacking(kept, pin);
    const held = this.#held.get(namespace);
    if (lacking === null) this.#held.delete(namespace);
    else if (held !== undefined && versionOf(held) === versionOf(lacking))
      return kept.map((each) => (each === lacking ? held : each));
    else void this.#fetch(namespace, lacking);
    return kept;
  }

  async #fetch(namespace: string, lacking: KeptBundle): Promise<void> {
    if (this.#underWay.has(namespace)) return;
    this.#underWay.add(namespace);
    const found = await this.#options.fetch(lacking);
    this.#underWay.delete(namespace);
    if (found === null || found.built === null) return;
    this.#held.set(namespace, found);
    this.#options.onChange();
  }
}
