// Codes of what was decided; each with what it means, for people.
import type { DecidedBy } from './decide.ts';
import { OBSTACLES, type Obstacle } from './obstacles.ts';

export type SkipReason =
  | 'system_namespace'
  | 'disabled_by_pod_label'
  | 'disabled_by_pod_annotation'
  | 'disabled_by_namespace_label'
  | 'disabled_by_default'
  | Obstacle;

export const SKIP_REASONS: Readonly<Record<SkipReason, string>> = {
  system_namespace: 'its namespace is the cluster’s own, or the one of the controller',
  disabled_by_pod_label: 'its label says no',
  disabled_by_pod_annotation: 'its annotation says no',
  disabled_by_namespace_label: 'the label of its namespace says no',
  disabled_by_default: 'nobody said anything, and the controller’s default is no',
  ...OBSTACLES,
};

export const DECIDERS: Readonly<Record<DecidedBy, string>> = {
  pod_label: 'its label says so',
  pod_annotation: 'its annotation says so',
  namespace_label: 'the label of its namespace says so',
  namespace_require: 'its namespace requires it',
  default: 'nobody said anything, and it is so by default',
};
