// What a test does with a Kubernetes, whoever makes it.

export interface Cluster {
  readonly name: string;
  /** What ends it, typed by hand. */
  readonly ending: string;
  /** May be done again. */
  readonly up: () => Promise<void>;
  /** Postern and its peers, built and put where pods find them. */
  readonly loadImages: () => Promise<void>;
  /** At once, as the kernel would when memory is out. */
  readonly killContainer: (id: string) => Promise<void>;
  readonly down: () => Promise<void>;
}
