// What the API server of a Kubernetes cluster holds, kept up to date, and small changes to it. Heavy to load: never in the sidecar.
export { openClient } from './client.ts';
export type { ApiRequest, Client } from './client.ts';
export type { Answered, ApiFailure } from './failure.ts';
export { lead } from './lead.ts';
export type { Leadership, LeaseTiming } from './lead.ts';
export { listObjects } from './list.ts';
export { mirror } from './mirror.ts';
export type { Mirror, MirrorTiming } from './mirror.ts';
export {
  applyObject,
  CONFIG_MAPS,
  createObject,
  deleteObject,
  enforceObject,
  getObject,
  identityOf,
  pathOf,
  replaceObject,
  SECRETS,
} from './objects.ts';
export type { KubeObject, Resource } from './objects.ts';
export { Owner } from './owner.ts';
