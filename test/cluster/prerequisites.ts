// The machine in; what it has for a Kubernetes cluster, out: whether its kernel and our rights allow a node, else programs that make one.
import { accessSync, constants, existsSync } from 'node:fs';
import type { Engine, Facts } from './choose.ts';
import { run } from './command.ts';

export async function readFacts(): Promise<Facts> {
  const obstacle = await findObstacle();
  return { obstacle, hasKind: await answers('kind', 'version'), engine: await findEngine() };
}

const ENGINES: readonly Engine[] = ['docker', 'podman'];

async function findEngine(): Promise<Engine | null> {
  for (const engine of ENGINES) if (await answers(engine, 'info')) return engine;
  return null;
}

const answers = (program: string, ...args: readonly string[]): Promise<boolean> =>
  run(program, ...args).then(
    () => true,
    () => false,
  );

async function findObstacle(): Promise<string | null> {
  if (process.platform !== 'linux') return 'a node needs Linux';
  if (process.getuid?.() !== 0) return 'a node needs root';
  if (!isWritable('/sys/fs/cgroup')) return 'no cgroup can be made under /sys/fs/cgroup';
  return probeNamespaces();
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return existsSync(folder);
  } catch {
    return false;
  }
}

/** What `node/up` does first: namespaces of its own, and a pair of interfaces in them. */
async function probeNamespaces(): Promise<string | null> {
  const inside = 'mount --make-rshared / && ip link add probe type veth peer name probe-end';
  try {
    await run('unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c', inside);
    return null;
  } catch (error) {
    return `no namespaces or interfaces of one's own: ${String(error).split('\n').at(-1)}`;
  }
}
