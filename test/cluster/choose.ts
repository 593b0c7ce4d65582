// What this machine has in; which Kubernetes it can have out.

/** A container engine, by its program. */
export type Engine = 'docker' | 'podman';

export interface Facts {
  /** Why no node of our own can be made here; null when it can. */
  readonly obstacle: string | null;
  readonly hasKind: boolean;
  /** The first that answers. */
  readonly engine: Engine | null;
}

export type Choice =
  | { readonly kind: 'node' }
  | { readonly kind: 'kind'; readonly engine: Engine }
  | { readonly kind: 'none'; readonly why: string };

/** Our own node first: it needs no image registry, and nothing of it is left behind. */
export function choose({ obstacle, hasKind, engine }: Facts): Choice {
  if (obstacle === null) return { kind: 'node' };
  if (hasKind && engine !== null) return { kind: 'kind', engine };
  const missing = hasKind ? 'neither docker nor podman answers' : 'kind is not on PATH';
  return { kind: 'none', why: `${obstacle}, and ${missing}` };
}
