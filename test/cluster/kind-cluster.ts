// A container engine in; a cluster that kind makes with it out. Tried only as far as its command lines: see node/README.md.
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { layPeers } from './build-image.ts';
import type { Engine } from './choose.ts';
import type { Cluster } from './cluster.ts';
import { BIN, isNodeUp, KUBECONFIG, ROOT, run, WORK } from './command.ts';
import { kindCommands } from './kind-commands.ts';

export function kindCluster(engine: Engine): Cluster {
  const commands = kindCommands({ engine, kubeconfig: KUBECONFIG, root: ROOT });
  const buildAndLoad = async (name: string, dockerfile: string, context: string): Promise<void> => {
    const archive = join(WORK, `${name}.tar`);
    await rm(archive, { force: true });
    const image = `localhost/${name}:test`;
    for (const line of commands.build({ image, dockerfile, context, archive })) await run(...line);
    await run(...commands.load(archive));
  };
  return {
    name: `kind, with ${engine}`,
    ending: commands.down.join(' '),
    up: async () => {
      await linkPrograms();
      if (await isNodeUp()) return;
      await mkdir(dirname(KUBECONFIG), { recursive: true });
      await run(...commands.up);
    },
    loadImages: async () => {
      await buildAndLoad('postern', join(ROOT, 'Dockerfile'), ROOT);
      await buildAndLoad('peers', join(ROOT, 'test/cluster/peers/Dockerfile'), await layPeers());
    },
    killContainer: async (id) => void (await run(...commands.killContainer(id))),
    down: async () => void (await run(...commands.down)),
  };
}

/** To where a node of our own would have built them: nobody else has to know which cluster it is. */
async function linkPrograms(): Promise<void> {
  await mkdir(BIN, { recursive: true });
  for (const program of ['kubectl', 'helm']) {
    const link = join(BIN, program);
    if (!existsSync(link)) await symlink(findProgram(program), link);
  }
}

function findProgram(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`kind needs ${program} on PATH beside it`);
  return found;
}
