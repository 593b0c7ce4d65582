// Text in, a frozen Config or its problems out. No I/O.
export type { Address, Config, ConfiguredUpstream, ControllerLink, SignatureKeys } from './config.ts';
export { parseControllerConfig } from './controller.ts';
export type { ControllerConfig } from './controller.ts';
export type { InjectionMode, InjectionSettings } from './injection.ts';
export type { Limits, OverloadLimits } from './limits.ts';
export { formatIssue, parseConfig } from './parse.ts';
export { VERSION } from './version.ts';
