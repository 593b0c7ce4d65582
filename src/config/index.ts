// Text in, a frozen Config or its problems out. No I/O.
export type { Address, Config, ConfiguredUpstream, Limits, SignatureKeys } from './config.ts';
export { formatIssue, parseConfig } from './parse.ts';
