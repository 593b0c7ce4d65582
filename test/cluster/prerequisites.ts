// The machine in; the reason why its kernel or our rights allow no Kubernetes node, or null, out.
import { accessSync, constants, existsSync } from 'node:fs';
import { run } from './command.ts';

export async function findObstacle(): Promise<string | null> {
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
