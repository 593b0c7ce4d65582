// Sockets in: what arrives, read once and strictly.
export { readBody } from './body.ts';
export { readHead, requireBody } from './head.ts';
export { openListener } from './listener.ts';
export type { Listener } from './listener.ts';
export { findUpstream, routeRequest } from './route.ts';
