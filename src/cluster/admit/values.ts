// The text of one annotation in; what it says, or what is wrong with it, out.
import { isIPv4, isIPv6 } from 'node:net';
import type { InjectionMode } from '../../config/index.ts';
import { suggestNearest } from '../../lib/nearest.ts';
import { quote } from './quote.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Pod } from './pod.ts';

const MODES: readonly InjectionMode[] = ['auto', 'redirect', 'hosts', 'env', 'proxy'];

export function parseMode(text: string): Result<InjectionMode, string> {
  const mode = MODES.find((each) => each === text);
  if (mode !== undefined) return ok(mode);
  return err(`it is to be one of ${MODES.join(', ')}${suggestNearest(text, MODES)}`);
}

const MOST_PORTS = 64;
const MOST_NETWORKS = 64;
const DIGITS = /^[1-9]\d{0,4}$/;

export function parsePorts(text: string): Result<readonly number[], string> {
  const ports = itemsOf(text);
  const odd = ports.find((port) => !DIGITS.test(port) || Number(port) > 65_535);
  if (odd !== undefined) return err(`${quote(odd)} is no port`);
  return bounded([...new Set(ports.map(Number))], MOST_PORTS);
}

export function parseNetworks(text: string): Result<readonly string[], string> {
  const networks = itemsOf(text.toLowerCase());
  const odd = networks.find((network) => !isNetwork(network));
  if (odd !== undefined) return err(`${quote(odd)} is no network such as 10.0.0.0/8`);
  return bounded([...new Set(networks)], MOST_NETWORKS);
}

const bounded = <T>(items: readonly T[], most: number): Result<readonly T[], string> =>
  items.length <= most ? ok(items) : err(`it has more than ${String(most)} of them`);

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
  const bits = Number(prefix ?? 0);
  return isIPv4(address) ? bits <= 32 : isIPv6(address) && !address.includes('%') && bits <= 128;
}

/** Of containers that there are. */
export function parseContainers(text: string, { containers }: Pod): Result<readonly string[], string> {
  const names = containers.map(({ name }) => name);
  const asked = [...new Set(itemsOf(text))];
  const odd = asked.find((name) => !names.includes(name));
  if (odd === undefined) return ok(asked);
  return err(`there is no container ${quote(odd)}${suggestNearest(odd, names)}`);
}

export const itemsOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
