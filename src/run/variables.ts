// A gate and a developer's environment in; the variables that lead a command to the gate, save those that are set already, out.
import type { Gate } from './gate.ts';
import { LOOPBACK_HOSTS, PROXY_VARIABLES, trustVariables } from '../lead/index.ts';
import type { Environment } from './known-upstreams.ts';

export interface Variables {
  readonly variables: Readonly<Record<string, string>>;
  /** Names of those that the developer has set, and that stay so. */
  readonly left: readonly string[];
}

export function variablesFor({ url, proxy, trustDirectory, pointers }: Gate, env: Environment): Variables {
  // What they point at is the upstream already: these alone are set anew.
  const base = Object.fromEntries(pointers.map(({ variable, path }) => [variable, `${url}${path}`]));
  const wanted = {
    ...Object.fromEntries(PROXY_VARIABLES.map((name) => [name, proxy])),
    NODE_USE_ENV_PROXY: '1',
    ...trustVariables(trustDirectory),
  };
  const left = Object.keys(wanted).filter((name) => isSet(env[name]));
  const set = Object.fromEntries(Object.entries(wanted).filter(([name]) => !left.includes(name)));
  return { variables: { ...set, ...base, ...excepting(env) }, left };
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Loopback is reached as before: there the gate itself is. */
function excepting(env: Environment): Record<string, string> {
  const before = env['NO_PROXY'] ?? env['no_proxy'] ?? '';
  const all = [...(before === '' ? [] : [before]), ...LOOPBACK_HOSTS].join(',');
  return { NO_PROXY: all, no_proxy: all };
}
