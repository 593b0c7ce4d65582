// A lease as tests want it: nobody waits for long. Leases are counted in whole seconds.
import type { LeaseTiming } from '../../src/cluster/reflect/index.ts';

export const QUICK_LEASE: LeaseTiming = { leaseMs: 2000, holdMs: 1600, renewMs: 200, retryMs: 100 };
