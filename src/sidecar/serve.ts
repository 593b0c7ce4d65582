// A request from the listener in; one exchange passed, rescued if need be, and always accounted for.
import type { Config } from '../config/index.ts';
import { PosternError, type Entrance } from '../exchange/index.ts';
import type { Upstreams } from '../gate/forward/index.ts';
import {
  ByteBudget,
  endConnectionAfter,
  onceGone,
  type Arrival,
  type Callers,
  type Keeper,
  type Reply,
  type Room,
} from '../gate/intercept/index.ts';
import type { AuditLog } from '../gate/record/index.ts';
import { Presence } from '../lib/presence.ts';
import type { PolicyStore } from '../policy/index.ts';
import { Account } from './account.ts';
import { passExchange } from './pipeline.ts';
import { rescue } from './refuse.ts';
import { LiveStreams } from './live-streams.ts';
import type { QuietMoments } from './quiet.ts';
import type { Standing } from './standing.ts';
import type { Shedding } from './strain.ts';
import type { Trials } from './trials.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly policies: PolicyStore;
  readonly callers: Callers;
  readonly upstreams: Upstreams;
  readonly audit: AuditLog | null;
  readonly trials: Trials;
  readonly standing: Standing;
  readonly quiet: Pick<QuietMoments, 'enter' | 'leave' | 'underWay'>;
}

export interface Desk {
  /** Who answers those that come in this way. */
  keep(this: void, entrance: Entrance): Keeper;
  /** What to give up from now on; said again as long as it lasts. */
  shed(what: Shedding): void;
  /** From now on each answer is the last on its connection. */
  drain(): void;
}

export function openDesk(options: ServeOptions): Desk {
  const budget = new ByteBudget(options.config.limits.bufferedBytes);
  let draining = false;
  let shedding: Shedding = 'nothing';
  const streams = new LiveStreams();
  const isFull = (): boolean =>
    options.quiet.underWay > options.config.limits.exchanges || shedding === 'new' || shedding === 'streams';
  const handle = async (call: Call): Promise<void> => {
    options.quiet.enter();
    if (draining || shedding !== 'nothing') endConnectionAfter(call.reply);
    try {
      await passOne(options, { ...call, room: budget.open(), streams, overloaded: isFull() });
    } finally {
      options.quiet.leave();
    }
  };
  return {
    keep: (entrance) => ({
      handle: (arrival, reply, fault) => void handle({ entrance, arrival, reply, fault }),
    }),
    shed: (what) => {
      shedding = what;
      if (what === 'streams') streams.cutNewest();
    },
    drain: () => {
      draining = true;
    },
  };
}

interface Call {
  readonly entrance: Entrance;
  readonly arrival: Arrival;
  readonly reply: Reply;
  readonly fault: PosternError | null;
}

interface Admitted extends Call {
  readonly streams: LiveStreams;
  readonly overloaded: boolean;
  readonly room: Room;
}

async function passOne(options: ServeOptions, call: Admitted): Promise<void> {
  const { fault, overloaded, ...rest } = call;
  const { entrance, reply, room } = rest;
  const account = new Account(entrance.mode, options.standing.gradeOf(entrance.mode));
  const caller = new Presence();
  onceGone(reply, () => caller.leave());
  const snapshot = options.policies.current();
  const trial = options.trials.begin(account, snapshot);
  const passage = { ...options, ...rest, account, trial, caller };
  try {
    if (fault !== null) throw fault;
    if (overloaded) throw new PosternError('POSTERN_E_OVERLOADED');
    if (snapshot === null) throw new PosternError('POSTERN_E_NO_POLICY');
    await passExchange({ ...passage, snapshot });
  } catch (error) {
    rescue(passage, error);
  } finally {
    room.release();
    trial.close(account.close());
  }
}
