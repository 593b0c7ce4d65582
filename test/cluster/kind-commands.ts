// Where things are in; the command lines by which kind makes a cluster, gets images into it and ends it, out. Pure: a test reads them.
import { join } from 'node:path';
import type { Engine } from './choose.ts';
import type { CommandLine } from './command.ts';

interface Places {
  readonly engine: Engine;
  /** Ours alone: the contexts of whoever runs this stay as they are. */
  readonly kubeconfig: string;
  /** The repository. */
  readonly root: string;
}

interface Built {
  readonly image: string;
  readonly dockerfile: string;
  readonly context: string;
  /** Must not be there yet: podman adds to no archive. */
  readonly archive: string;
}

interface KindCommands {
  readonly up: CommandLine;
  readonly build: (built: Built) => readonly CommandLine[];
  readonly load: (archive: string) => CommandLine;
  readonly killContainer: (id: string) => CommandLine;
  readonly down: CommandLine;
}

const NAME = 'postern';

export function kindCommands({ engine, kubeconfig, root }: Places): KindCommands {
  // It asks docker unless it is told otherwise.
  const kind = (...args: readonly string[]): CommandLine => [
    'env',
    `KIND_EXPERIMENTAL_PROVIDER=${engine}`,
    'kind',
    ...args,
    '--name',
    NAME,
  ];
  const config = join(root, 'test/cluster/kind.yaml');
  return {
    up: kind('create', 'cluster', '--kubeconfig', kubeconfig, '--config', config, '--wait', '180s'),
    build: ({ image, dockerfile, context, archive }) => [
      [engine, 'build', '--tag', image, '--file', dockerfile, context],
      [engine, 'save', '--output', archive, image],
    ],
    load: (archive) => kind('load', 'image-archive', archive),
    killContainer: (id) => {
      const ctr = ['ctr', '--namespace', 'k8s.io', 'task', 'kill', '--signal', 'SIGKILL', id];
      return [engine, 'exec', `${NAME}-control-plane`, ...ctr];
    },
    down: kind('delete', 'cluster', '--kubeconfig', kubeconfig),
  };
}
