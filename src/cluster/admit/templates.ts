// A manifest of any kind in; where the pod in it stands, or null, out.
import { isObject, type Json } from './json.ts';

/** Kind -> the way from its top to what a pod has there: metadata and spec. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** Null for kinds that have none. */
export function podPathOf(manifest: Json): readonly string[] | null {
  const kind = manifest['kind'];
  return typeof kind === 'string' && Object.hasOwn(TEMPLATES, kind) ? (TEMPLATES[kind] ?? null) : null;
}

/** Null where nothing is there. */
export function podAt(manifest: Json, path: readonly string[]): Json | null {
  const found = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), manifest);
  return isObject(found) ? found : null;
}
