// Text in, a frozen Config or its problems out. No I/O.
export type { Address, Config, ConfiguredUpstream, Limits, SignatureKeys } from './config.ts';
export { parseControllerConfig } from './controller.ts';
export type { InjectionSettings } from './injection.ts';
export { formatIssue, parseConfig } from './parse.ts';
export { VERSION } from './version.ts';
