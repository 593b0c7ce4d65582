// A request from the listener in; one exchange passed, rescued if need be, and always accounted for.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/index.ts';
import { PosternError } from '../exchange/index.ts';
import type { Upstreams } from '../gate/forward/index.ts';
import type { AuditLog } from '../gate/record/index.ts';
import type { PolicyStore } from '../policy/index.ts';
import { Account } from './account.ts';
import { passExchange } from './pipeline.ts';
import { rescue } from './refuse.ts';
import type { Trials } from './trials.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly policies: PolicyStore;
  readonly upstreams: Upstreams;
  readonly audit: AuditLog | null;
  readonly trials: Trials;
}

export interface Desk {
  readonly handle: (arrival: IncomingMessage, reply: ServerResponse) => void;
  /** From now on each answer is the last on its connection. */
  drain(): void;
}

export function openDesk(options: ServeOptions): Desk {
  let underWay = 0;
  let draining = false;
  const handle = async (arrival: IncomingMessage, reply: ServerResponse): Promise<void> => {
    underWay += 1;
    reply.shouldKeepAlive &&= !draining;
    try {
      await passOne(options, { arrival, reply, overloaded: underWay > options.config.limits.exchanges });
    } finally {
      underWay -= 1;
    }
  };
  return {
    handle: (arrival, reply) => void handle(arrival, reply),
    drain: () => {
      draining = true;
    },
  };
}

interface Call {
  readonly arrival: IncomingMessage;
  readonly reply: ServerResponse;
  readonly overloaded: boolean;
}

async function passOne(options: ServeOptions, { arrival, reply, overloaded }: Call): Promise<void> {
  const account = new Account();
  const gone = new AbortController();
  reply.once('close', () => reply.writableFinished || gone.abort());
  const snapshot = options.policies.current();
  const trial = options.trials.begin(account, snapshot);
  const passage = { ...options, account, arrival, reply, trial, signal: gone.signal };
  try {
    if (overloaded) throw new PosternError('POSTERN_E_OVERLOADED');
    if (snapshot === null) throw new PosternError('POSTERN_E_NO_POLICY');
    await passExchange({ ...passage, snapshot });
  } catch (error) {
    rescue(passage, error);
  } finally {
    trial.close(account.close());
  }
}
