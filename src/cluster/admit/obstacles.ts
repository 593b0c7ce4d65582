// A pod in; why no sidecar can stand in it, or null, out.
import { objectAt, textAt } from './json.ts';
import type { Pod } from './pod.ts';

export type Obstacle = 'host_network' | 'windows' | 'virtual_node' | 'mirror_pod';

export const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  host_network: 'it is in the network of its node, where others would be led to its sidecar as well',
  windows: 'it is for Windows',
  virtual_node: 'it is for a virtual node',
  mirror_pod: 'it mirrors a static pod, which only its node can change',
};

export function findObstacle({ spec, annotations }: Pod): Obstacle | null {
  const nodes = objectAt(spec, 'nodeSelector');
  if (Object.hasOwn(annotations, 'kubernetes.io/config.mirror')) return 'mirror_pod';
  if (spec['hostNetwork'] === true) return 'host_network';
  const systems = [textAt(objectAt(spec, 'os'), 'name'), textAt(nodes, 'kubernetes.io/os')];
  if (systems.includes('windows')) return 'windows';
  return textAt(nodes, 'type') === 'virtual-kubelet' ? 'virtual_node' : null;
}
