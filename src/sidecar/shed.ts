// What the process can bear in; what it cannot given up, and those who watch it told.
import type { Config } from '../config/index.ts';
import type { InterceptionMode } from '../exchange/index.ts';
import type { Crowd } from '../gate/intercept/index.ts';
import type { Log, Telemetry } from '../gate/record/index.ts';
import type { Desk } from './serve.ts';
import type { Standing } from './standing.ts';
import { SHEDDING, StrainGauge } from './strain.ts';

interface Watchers {
  readonly desk: Pick<Desk, 'shed'>;
  readonly telemetry: Pick<Telemetry, 'noteShedding'>;
  readonly standing: Standing;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Policies are never what is given up. */
export function watchStrain({ limits }: Config, { desk, telemetry, standing, log }: Watchers): Disposable {
  return new StrainGauge(limits.overload, (what) => {
    desk.shed(what);
    if (what === standing.shedding) return;
    standing.shedding = what;
    telemetry.noteShedding(SHEDDING.indexOf(what));
    if (what === 'nothing') log.info('the strain is over');
    else log.warn('under strain: something is given up', { detail: what });
  });
}

export const crowdOf =
  ({ limits }: Config, telemetry: Pick<Telemetry, 'noteConnection'>) =>
  (mode: InterceptionMode): Crowd => ({
    most: limits.connections,
    onRefused: () => telemetry.noteConnection({ mode, way: 'refuse', why: 'too_many' }),
  });
