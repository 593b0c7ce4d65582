// The text of a file that holds one key in; the key, and what it is known by without being told, out.
import { createHmac } from 'node:crypto';

const KEY = /^[!-~]{1,8192}$/;

/** Null where it holds something else. Editors and `echo` end a file with a newline, which is not the key's. */
export function parseKey(text: string): string | null {
  const key = text.replace(/\r?\n$/, '');
  return KEY.test(key) ? key : null;
}

/** In hex, as `accounts.allow` lists credentials. */
export const hashKey = (salt: string, key: string): string =>
  createHmac('sha256', salt).update(key).digest('hex');
