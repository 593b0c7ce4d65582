// What a pod, its namespace and the settings say in; whether it gets a sidecar, and who decided that, out. The truth table.

/** Each null where nobody said anything. */
export interface Sayings {
  readonly podLabel: boolean | null;
  readonly podAnnotation: boolean | null;
  readonly namespaceLabel: boolean | null;
  readonly isDefault: boolean;
  /** The namespace has `postern.dev/require`. */
  readonly isRequired: boolean;
}

export type DecidedBy = 'pod_label' | 'pod_annotation' | 'namespace_label' | 'namespace_require' | 'default';

export interface Choice {
  readonly decidedBy: DecidedBy;
  readonly choice: 'inject' | 'skip' | 'deny';
}

export function decideInjection(sayings: Sayings): Choice {
  const { isRequired } = sayings;
  const { decidedBy, wants } = firstSaying(sayings);
  if (wants) return { decidedBy, choice: 'inject' };
  if (!isRequired) return { decidedBy, choice: 'skip' };
  // Nobody opted out: what the namespace requires, its pods get.
  return decidedBy === 'default'
    ? { decidedBy: 'namespace_require', choice: 'inject' }
    : { decidedBy, choice: 'deny' };
}

function firstSaying({ podLabel, podAnnotation, namespaceLabel, isDefault }: Sayings): {
  readonly decidedBy: DecidedBy;
  readonly wants: boolean;
} {
  if (podLabel !== null) return { decidedBy: 'pod_label', wants: podLabel };
  if (podAnnotation !== null) return { decidedBy: 'pod_annotation', wants: podAnnotation };
  if (namespaceLabel !== null) return { decidedBy: 'namespace_label', wants: namespaceLabel };
  return { decidedBy: 'default', wants: isDefault };
}
