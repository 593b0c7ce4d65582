// A namespace in; what the controller says of it and the policies that it holds, as they are at any moment, out.
import {
  POLICY_SELECTORS,
  readStatus,
  type ConfigMap,
  type ToldStatus,
} from '../../cluster/distribute/index.ts';
import { Doorbell } from '../../lib/doorbell.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { CONFIG_MAPS } from '../cluster/resources.ts';
import { hashOf, hashSources, readPin, STATUS_FIELD } from './read-sources.ts';

interface Held {
  readonly items: ReadonlyMap<string, ConfigMap>;
}

interface Followed {
  readonly namespace: string;
  /** Null where its policies cannot be read. */
  readonly platform: string | null;
  readonly pin: string | null | undefined;
}

export class Following implements Disposable {
  /** Rung by every change. */
  readonly changes = new Doorbell();
  readonly #status: Held;
  readonly #own: readonly Held[];
  readonly #platform: readonly Held[] | null;
  /** As it was at the beginning; undefined where the Namespace cannot be read. */
  readonly pin: string | null | undefined;
  readonly #closers: Array<() => void> = [];

  private constructor(cluster: Cluster, { namespace, platform, pin }: Followed) {
    this.pin = pin;
    const hold = (where: { namespace: string; labelSelector?: string; fieldSelector?: string }): Held => {
      const held = cluster.mirror<ConfigMap>(CONFIG_MAPS, where);
      held.subscribe(() => this.changes.ring());
      this.#closers.push(() => held.close());
      return held;
    };
    const sourcesOf = (of: string): readonly Held[] =>
      POLICY_SELECTORS.map((labelSelector) => hold({ namespace: of, labelSelector }));
    this.#status = hold({ namespace, fieldSelector: STATUS_FIELD });
    this.#own = sourcesOf(namespace);
    this.#platform = platform === null || platform === namespace ? null : sourcesOf(platform);
  }

  /** Nothing is followed that cannot be read; of the platform's then only what the controller says counts. @throws ClusterError */
  static async open(cluster: Cluster, namespace: string, platform: string): Promise<Following> {
    await hashSources(cluster, namespace);
    const isOpen = await hashSources(cluster, platform).then(
      () => true,
      () => false,
    );
    const pin = await readPin(cluster, namespace).catch(() => undefined);
    return new Following(cluster, { namespace, platform: isOpen ? platform : null, pin });
  }

  get status(): ToldStatus | null {
    const [told] = this.#status.items.values();
    return told === undefined ? null : readStatus(told);
  }

  get sources(): { readonly platform: string | null; readonly own: string } {
    return { platform: this.#platform === null ? null : hashHeld(this.#platform), own: hashHeld(this.#own) };
  }

  [Symbol.dispose](): void {
    for (const close of this.#closers) close();
  }
}

const hashHeld = (held: readonly Held[]): string => hashOf(held.flatMap(({ items }) => [...items.values()]));
