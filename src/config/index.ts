// Text in, a frozen Config or its problems out. No I/O.
export type { Config, ConfiguredUpstream, Limits } from './config.ts';
export { formatIssue, parseConfig } from './parse.ts';
