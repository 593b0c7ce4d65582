// A pod in; what of it could undo the kernel's rules, or become the sidecar's user, out.
import { objectAt, textsAt, type Json } from './json.ts';
import type { Container, Pod } from './pod.ts';

export interface Weaknesses {
  /** Asked for in so many words. */
  readonly asked: readonly string[];
  /** Only not ruled out: root that may become anybody. */
  readonly open: readonly string[];
}

const CAPABILITIES: ReadonlySet<string> = new Set([
  'ALL',
  'BPF',
  'NET_ADMIN',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_PTRACE',
]);

export function findWeaknesses(pod: Pod): Weaknesses {
  const { spec, containers } = pod;
  const shared = (['hostPID', 'shareProcessNamespace'] as const).filter((name) => spec[name] === true);
  return {
    asked: [...shared, ...containers.flatMap(askedBy)],
    open: containers.filter((container) => canBecomeAnybody(container, pod)).map(({ name }) => name),
  };
}

function askedBy({ name, raw }: Container): readonly string[] {
  const context = objectAt(raw, 'securityContext');
  const added = textsAt(objectAt(context, 'capabilities'), 'add').map(capability);
  return [
    ...(context['privileged'] === true ? [`${name}: privileged`] : []),
    ...added.filter((each) => CAPABILITIES.has(each)).map((each) => `${name}: ${each}`),
  ];
}

/** Runtimes take both spellings. */
const capability = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

function canBecomeAnybody({ raw }: Container, { spec }: Pod): boolean {
  const own = objectAt(raw, 'securityContext');
  const dropped = textsAt(objectAt(own, 'capabilities'), 'drop').map(capability);
  if (dropped.includes('ALL') || dropped.includes('SETUID')) return false;
  if (own['allowPrivilegeEscalation'] === false && isNotRoot(own, objectAt(spec, 'securityContext')))
    return false;
  return true;
}

function isNotRoot(own: Json, shared: Json): boolean {
  const uid = own['runAsUser'] ?? shared['runAsUser'];
  if (typeof uid === 'number') return uid !== 0;
  return (own['runAsNonRoot'] ?? shared['runAsNonRoot']) === true;
}
