// Text in, a frozen Config or its problems out. No I/O.
export type { Address, Config, ConfiguredUpstream, Limits } from './config.ts';
export { formatIssue, parseConfig } from './parse.ts';
export type { ConfigIssue } from './parse.ts';
