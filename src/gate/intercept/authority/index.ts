// The authority of a pod: certificates for TLS that Postern ends itself. To be loaded only where it does, for it is heavy.
import 'reflect-metadata'; // first of all: the certificate library asks for it
export { createAuthority } from './authority.ts';
export type { Authority, Leaf } from './authority.ts';
export { openAuthority } from './kept-authority.ts';
export { trustFiles, writeTrustFiles } from './trust-files.ts';
