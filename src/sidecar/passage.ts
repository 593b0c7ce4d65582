// What one exchange carries along its way: its account, its sockets, the policies it began with.
import type { Config } from '../config/index.ts';
import type { Entrance } from '../exchange/index.ts';
import type { Upstreams } from '../gate/forward/index.ts';
import type { Arrival, Callers, Reply, Room } from '../gate/intercept/index.ts';
import type { AuditLog } from '../gate/record/index.ts';
import type { Presence } from '../lib/presence.ts';
import type { Snapshot } from '../policy/index.ts';
import type { Account } from './account.ts';
import type { LiveStreams } from './live-streams.ts';
import type { Trial } from './trial.ts';

export interface Passage {
  readonly account: Account;
  /** How it came, and what names its upstream. */
  readonly entrance: Entrance;
  readonly arrival: Arrival;
  readonly reply: Reply;
  /** What it may hold in memory of its bodies. */
  readonly room: Room;
  /** Pinned at the start: request and answer are judged by the same bundle, whatever is loaded meanwhile. */
  readonly snapshot: Snapshot;
  /** What a candidate makes of it, on the side. */
  readonly trial: Trial;
  readonly config: Config;
  readonly callers: Callers;
  readonly upstreams: Upstreams;
  readonly streams: LiveStreams;
  readonly audit: AuditLog | null;
  /** Whether the caller is still there. */
  readonly caller: Presence;
}
