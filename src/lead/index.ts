// How connections are led to Postern: rules for the kernel, base URLs, proxy and trust variables, hosts. Text alone, no I/O.
export { authoritiesOf } from './authorities.ts';
export { baseUrlFor, pointersTo } from './base-urls.ts';
export type { Pointer } from './base-urls.ts';
export { LOOPBACK_HOSTS, PROXY_VARIABLES } from './proxy-variables.ts';
export { CANARY, renderRules } from './redirect-rules.ts';
export type { RedirectPlan } from './redirect-rules.ts';
export { TRUST_FILES, trustVariables } from './trust-variables.ts';
