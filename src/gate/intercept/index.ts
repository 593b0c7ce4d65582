// Sockets in: what arrives, read once and strictly.
export { readBody } from './body.ts';
export { codingOf, requireBody } from './announced-body.ts';
export { endEarly } from './end-early.ts';
export { readHead } from './head.ts';
export type { Handle } from './line.ts';
export { openListener } from './listener.ts';
export type { Listener } from './listener.ts';
export { cutReply, endConnectionAfter, flushHead, onceGone, writeHead } from './reply.ts';
export type { Arrival, Reply } from './reply.ts';
export { findUpstream, routeRequest } from './route.ts';
export { unpackBody } from './unpack.ts';
export { endOfFrame } from './zstd-frame.ts';
