// A token in, whether its last six characters are the CRC-32 of what stands before them, as GitHub and npm issue them.
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK_LENGTH = 6;

const toBase62 = (value: number): string => {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62))
    digits = `${ALPHABET[rest % 62] ?? ''}${digits}`;
  return digits.padStart(CHECK_LENGTH, '0');
};

export const hasChecksum = (token: string): boolean => {
  const body = token.slice(token.indexOf('_') + 1);
  return toBase62(crc32(body.slice(0, -CHECK_LENGTH))) === body.slice(-CHECK_LENGTH);
};
