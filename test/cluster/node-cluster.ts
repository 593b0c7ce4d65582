// Nothing in; a cluster with a node of our own out, made by the scripts in node/.
import { join } from 'node:path';
import { buildPeersImage, buildPosternImage } from './build-image.ts';
import type { Cluster } from './cluster.ts';
import { run } from './command.ts';

const node = (command: string, ...args: readonly string[]): Promise<string> =>
  run(join(import.meta.dirname, 'node', command), ...args);

export const nodeCluster = (): Cluster => ({
  name: 'a node of our own',
  ending: 'test/cluster/node/down',
  up: async () => {
    await node('up');
    await node('build', 'helm');
  },
  loadImages: async () => void (await node('load-image', await buildPosternImage(), await buildPeersImage())),
  killContainer: async (id) => void (await node('kill-container', id)),
  down: async () => void (await node('down')),
});
