// Kinds of objects that commands ask for; here, so that naming them does not load the client.
import type { Resource } from '../../cluster/reflect/index.ts';

export const CONFIG_MAPS: Resource = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' };
export const NAMESPACES: Resource = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' };
