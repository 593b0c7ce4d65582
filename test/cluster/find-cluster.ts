// The machine in; the Kubernetes that it can have, or why it can have none, out. The one place that knows which it is.
import { choose } from './choose.ts';
import type { Cluster } from './cluster.ts';
import { kindCluster } from './kind-cluster.ts';
import { nodeCluster } from './node-cluster.ts';
import { readFacts } from './prerequisites.ts';

export async function findCluster(): Promise<Cluster | string> {
  const choice = choose(await readFacts());
  switch (choice.kind) {
    case 'node':
      return nodeCluster();
    case 'kind':
      return kindCluster(choice.engine);
    case 'none':
      return choice.why;
  }
}
