// What we would write and what is found in; whether the API server and its built-in plugins have merely written it out, out.
import { parseQuantity } from '../../lib/quantity.ts';
import { isObject, type Json } from './json.ts';

/** What the API server adds where nothing was said. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  creationTimestamp: null,
  terminationMessagePath: '/dev/termination-log',
};

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export function isSame(wanted: unknown, found: unknown): boolean {
  if (Array.isArray(wanted)) return Array.isArray(found) && isSameList(wanted, found);
  if (isObject(wanted)) return isObject(found) && isSameObject(wanted, found);
  return wanted === found || isSameAmount(wanted, found);
}

/** A mount of the service account's token may have been put at the end. */
function isSameList(wanted: readonly unknown[], found: readonly unknown[]): boolean {
  const more = found.slice(wanted.length);
  return (
    found.length >= wanted.length &&
    wanted.every((each, index) => isSame(each, found[index])) &&
    more.every((each) => isObject(each) && each['mountPath'] === SERVICE_ACCOUNT)
  );
}

const isSameObject = (wanted: Json, found: Json): boolean =>
  Object.keys(wanted).every((key) => Object.hasOwn(found, key) && isSame(wanted[key], found[key])) &&
  Object.keys(found).every((key) => Object.hasOwn(wanted, key) || isDefault(key, found[key]));

const isDefault = (key: string, value: unknown): boolean =>
  Object.hasOwn(DEFAULTS, key) && DEFAULTS[key] === value;

/** `1000m` comes back as `1`. */
function isSameAmount(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'string' || typeof found !== 'string') return false;
  const amount = parseQuantity(wanted);
  return amount !== null && amount === parseQuantity(found);
}
