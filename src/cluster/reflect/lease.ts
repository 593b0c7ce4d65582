// A Lease as it was last read, and since when it has looked so, in; what to do about it, and how it is then written, out.
import type { KubeObject, Resource } from './objects.ts';

export const LEASES: Resource = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases' };

export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** By our own clock: what a lease says of times is by the clock of whoever wrote it. */
export interface SeenLease {
  readonly lease: Lease;
  readonly atMs: number;
}

/** The same time as before if nobody has written it since. */
export function see(lease: Lease, before: SeenLease | null, nowMs: number): SeenLease {
  const isSame = before?.lease.metadata.resourceVersion === lease.metadata.resourceVersion;
  return { lease, atMs: isSame && before !== null ? before.atMs : nowMs };
}

/** `wait` while another holds it, and its time has not passed since it was last seen to be renewed. */
export function chooseStep(
  { lease: { spec = {} }, atMs }: SeenLease,
  identity: string,
  nowMs: number,
): 'renew' | 'take' | 'wait' {
  const { holderIdentity = '', leaseDurationSeconds = 0 } = spec;
  if (holderIdentity === identity) return 'renew';
  return holderIdentity === '' || nowMs - atMs > leaseDurationSeconds * 1000 ? 'take' : 'wait';
}

interface Holder {
  readonly identity: string;
  readonly leaseMs: number;
  readonly now: Date;
}

export function holdLease(spec: LeaseSpec = {}, { identity, leaseMs, now }: Holder): LeaseSpec {
  const isOurs = spec.holderIdentity === identity;
  const time = microTime(now);
  return {
    ...spec,
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(leaseMs / 1000),
    acquireTime: isOurs ? (spec.acquireTime ?? time) : time,
    renewTime: time,
    leaseTransitions: (spec.leaseTransitions ?? -1) + (isOurs ? 0 : 1),
  };
}

/** The next one need not wait. */
export const releaseLease = (spec: LeaseSpec, now: Date): LeaseSpec => ({
  ...spec,
  holderIdentity: '',
  leaseDurationSeconds: 1,
  renewTime: microTime(now),
});

/** As the API server writes times of leases: with six digits of a second. */
const microTime = (time: Date): string => time.toISOString().replace('Z', '000Z');
