// Settings of connections that were meant for somebody else: which of them are judged, and who trusts us to end their TLS.
import { z } from 'zod';
import { parseAuthority } from '../lib/host.ts';

const HTTPS = 443;

/** A host by which applications know an upstream, as `name` or `name:port`. */
export const knownHost = z
  .string()
  .refine((value) => parseAuthority(value, HTTPS) !== null, 'must be a host, or host:port, without a scheme')
  .describe('A host by which applications know this upstream, beside that of its URL; port 443 unless said.');

export const interception = z.strictObject({
  strict: z
    .boolean()
    .default(false)
    .describe('Refuse hosts that are not under policy, instead of passing them on untouched.'),
  ports: z
    .array(z.int().min(1).max(65_535))
    .default([443, 80])
    .describe('What clients of the proxy may ask for at hosts that are not under policy.'),
  private_addresses: z
    .boolean()
    .default(false)
    .describe('Let hosts that are not under policy have private addresses (10.0.0.0/8, fc00::/7, …).'),
  trust_directory: z
    .string()
    .min(1)
    .optional()
    .describe('Where certificates go that applications are to trust. Needed by proxy, hosts and redirect.'),
  key_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Keeps the key of the authority across restarts, where only Postern reads; else it is in memory alone.',
    ),
});
