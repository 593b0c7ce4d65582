// Where things are in; the command lines by which podman builds the Dockerfile and runs what comes of it, out. Pure.
import { join } from 'node:path';
import type { CommandLine } from '../command.ts';

const IMAGE = 'localhost/postern:built';

export type Lent = readonly [from: string, to: string];

interface Podman {
  /** Before each of its commands. */
  readonly prefix: CommandLine;
  /** Files of this machine are lent, and in no image: its settings for npm, Go and TLS. */
  readonly build: (root: string, lent: readonly Lent[]) => CommandLine;
  /** As a pod runs it: nobody's user, nothing to write on, no right. */
  readonly run: (options: readonly string[], ...args: readonly string[]) => CommandLine;
  readonly exec: (container: string, code: string) => CommandLine;
}

/** None that the kernel grants only to some (CAP_SYS_RESOURCE); podman's own are higher than many a machine's. */
const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];

const CONFINED = [
  ['--read-only', '--network', 'none', '--user', '123456:123456'],
  ['--cap-drop', 'all', '--security-opt', 'no-new-privileges', '--memory', '384m'],
].flat();

export function podman(store: string): Podman {
  // A store of its own: base images that are stood in for have the names of real ones.
  const prefix: CommandLine = ['podman', '--root', join(store, 'images'), '--runroot', join(store, 'run')];
  return {
    prefix,
    // In a chroot and the machine's own network: it needs few rights, and finds what the machine finds.
    build: (root, lent) => [
      ...prefix,
      'build',
      '--isolation=chroot',
      '--network=host',
      '--pull=never',
      ...lent.flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]),
      '--tag',
      IMAGE,
      root,
    ],
    run: (options, ...args) => [...prefix, 'run', ...LIMITS, ...CONFINED, ...options, IMAGE, ...args],
    exec: (container, code) => [...prefix, 'exec', container, '/usr/bin/node', '-e', code],
  };
}
