// A configuration and the desk in; listeners for connections that were meant for somebody else, and what applications are to trust, out.
import type { Address, Config } from '../config/index.ts';
import type { InterceptionMode } from '../exchange/index.ts';
import {
  Canary,
  createHostTable,
  greetNamed,
  greetProxied,
  greetRedirected,
  openListener,
  openOriginalDestination,
  type CanaryState,
  type Crowd,
  type Greet,
  type House,
  type Listener,
} from '../gate/intercept/index.ts';
import type { Log, Telemetry } from '../gate/record/index.ts';
import type { Desk } from './serve.ts';
import type { Standing } from './standing.ts';

interface Surroundings {
  readonly config: Config;
  readonly desk: Desk;
  readonly crowd: (mode: InterceptionMode) => Crowd;
  readonly telemetry: Pick<Telemetry, 'noteConnection' | 'noteCanary'>;
  readonly log: Log;
  readonly standing: Standing;
}

export interface Interception extends Disposable {
  readonly listeners: readonly Listener[];
}

const NOTHING: Interception = { listeners: [], [Symbol.dispose]: () => {} };

/** @throws Error when a port is taken, or a file cannot be written. */
export async function openInterception(around: Surroundings): Promise<Interception> {
  const { listen } = around.config;
  if (around.standing.modes.length === 1) return NOTHING;
  const house = await furnish(around);
  const listeners: Listener[] = [];
  const open = async (address: Address | null, mode: InterceptionMode, greet: Greet): Promise<void> => {
    if (address === null) return;
    for (const at of bothFamilies(address)) {
      listeners.push(await openListener({ ...at, greet, crowd: around.crowd(mode) }));
    }
    around.log.info('intercepting', { mode, address: `${address.host}:${String(address.port)}` });
  };
  await open(listen.proxy, 'proxy', greetProxied(house));
  await open(listen.hosts, 'hosts', greetNamed(house));
  if (listen.redirect === null) return { ...NOTHING, listeners };
  const canary = new Canary((state) => tellOf(state, around));
  await open(listen.redirect, 'redirect', greetRedirected(house, await openOriginalDestination(), canary));
  around.standing.watch(() => canary.state);
  canary.start();
  return { listeners, [Symbol.dispose]: () => canary[Symbol.dispose]() };
}

function tellOf({ isAlive }: CanaryState, { log, telemetry }: Surroundings): void {
  telemetry.noteCanary(isAlive === true);
  if (isAlive === true) log.info('the rules that lead connections here are alive');
  else log.error('the rules that lead connections here are gone: egress may go round Postern');
}

/** Whoever is led to loopback may be led to either of its addresses. */
const bothFamilies = ({ host, port }: Address): readonly Address[] =>
  host === '127.0.0.1'
    ? [
        { host, port },
        { host: '::1', port },
      ]
    : [{ host, port }];

/** The authority is loaded late: it weighs more than all else that listens. */
async function furnish({ config, desk, telemetry, log }: Surroundings): Promise<House> {
  const { isStrict, ports, privateAddresses, trustDirectory, keyFile } = config.interception;
  const table = createHostTable(config.upstreams.values());
  const { openAuthority, trustFiles, writeTrustFiles } = await import('../gate/intercept/authority/index.ts');
  const authority = await openAuthority({ hosts: table.hosts, keyFile });
  if (trustDirectory !== null) await writeTrustFiles(trustDirectory, trustFiles(authority));
  return {
    wayRules: { table, isStrict, ports },
    passRules: { ranges: privateAddresses ? ['world', 'private'] : ['world'], guarded: table.hosts },
    certify: (host) => authority.leafFor(host),
    keep: desk.keep,
    note: (noted) => {
      telemetry.noteConnection(noted);
      if (noted.way !== 'refuse') return;
      const { mode, why, host } = noted;
      log.warn('a connection was refused', {
        mode,
        ...(why === null ? {} : { why }),
        ...(host === null ? {} : { host }),
      });
    },
  };
}
