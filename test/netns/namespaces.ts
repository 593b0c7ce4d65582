// Two network namespaces, a pod's and the world's, with a wire between them; programs in the pod under users of their own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DOH, LLM, METADATA, PROXY, RESOLVER, WEB, type Hit } from './places.ts';

const run = (...command: readonly string[]): void => {
  const [program = '', ...args] = command;
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
};

/** Whether this kernel and this user allow it; says why where not. */
export function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'only root makes network namespaces';
  for (const program of ['ip', 'nft', 'setpriv', 'curl', 'bash']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `${program} is not installed`;
  }
  const name = `postern-try-${process.pid}`;
  const tried = spawnSync('sh', [
    '-c',
    `ip netns add ${name} && ip -n ${name} link add v0 type veth peer name v1 && ip netns exec ${name} nft add table inet t && ip netns exec ${name} nft 'add chain inet t c { type nat hook output priority -110; }'`,
  ]);
  spawnSync('ip', ['netns', 'del', name]);
  return tried.status === 0 ? null : `this kernel does not allow it: ${tried.stderr.toString().trim()}`;
}

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

export interface RunAs {
  /** Null is root, with all that root may. */
  readonly uid: number | null;
  readonly env?: Readonly<Record<string, string>>;
}

const TRY_MS = 20_000;

export class Namespaces implements AsyncDisposable {
  readonly #id: string;
  readonly #world: ChildProcess;
  readonly hits: Hit[] = [];

  private constructor(id: string, world: ChildProcess) {
    this.#id = id;
    this.#world = world;
  }

  get pod(): string {
    return `pod-${this.#id}`;
  }

  /** `hosts`: lines of the pod's hosts file. */
  static async make(folder: string, hosts: readonly string[]): Promise<Namespaces> {
    const id = `${process.pid}-${Math.trunc(performance.now())}`;
    const [pod, world] = [`pod-${id}`, `world-${id}`];
    await writeNames(pod, hosts);
    wire(pod, world);
    const program = join(import.meta.dirname, 'world.ts');
    const child = spawn(
      'ip',
      [
        'netns',
        'exec',
        world,
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        program,
        join(folder, 'world.pem'),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const namespaces = new Namespaces(id, child);
    await namespaces.#listen();
    return namespaces;
  }

  async #listen(): Promise<void> {
    if (this.#world.stdout === null) throw new Error('the world says nothing');
    const lines = createInterface(this.#world.stdout);
    const ready = new Promise<void>((resolve, reject) => {
      this.#world.once('exit', () => reject(new Error('the world ended')));
      lines.on('line', (line) => (line === 'ready' ? resolve() : this.hits.push(JSON.parse(line) as Hit)));
    });
    await ready;
  }

  /** Ends it after a while, whatever it does. */
  async run(command: readonly string[], { uid, env = {} }: RunAs): Promise<Ran> {
    const child = this.start(command, { uid, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const late = setTimeout(() => child.kill('SIGKILL'), TRY_MS);
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(late);
    return { code, output };
  }

  start(command: readonly string[], { uid, env = {} }: RunAs): ChildProcess {
    const user = uid === null ? [] : asUser(uid);
    return spawn('ip', ['netns', 'exec', this.pod, ...user, ...command], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#world.kill('SIGKILL');
    for (const name of [this.pod, `world-${this.#id}`]) {
      spawnSync('ip', ['netns', 'del', name]);
      await rm(join('/etc/netns', name), { recursive: true, force: true });
    }
  }
}

/** May read every file, for a checkout may stand where only its owner goes; nothing else that users may not. */
const asUser = (uid: number): readonly string[] => [
  'setpriv',
  `--reuid=${String(uid)}`,
  `--regid=${String(uid)}`,
  '--clear-groups',
  '--inh-caps=+dac_read_search',
  '--ambient-caps=+dac_read_search',
  '--bounding-set=-all,+dac_read_search',
];

async function writeNames(pod: string, hosts: readonly string[]): Promise<void> {
  const folder = join('/etc/netns', pod);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${RESOLVER}\noptions timeout:1 attempts:1\n`);
  await writeFile(join(folder, 'hosts'), ['127.0.0.1 localhost', '::1 localhost', ...hosts, ''].join('\n'));
}

function wire(pod: string, world: string): void {
  for (const name of [pod, world]) run('ip', 'netns', 'add', name);
  run('ip', '-n', pod, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', world);
  const sides = [
    [pod, '10.77.0.2/24', 'fd77::2/64'],
    [world, '10.77.0.1/24', 'fd77::1/64'],
  ] as const;
  for (const [name, ipv4, ipv6] of sides) {
    run('ip', '-n', name, 'addr', 'add', ipv4, 'dev', 'eth0');
    run('ip', '-n', name, 'addr', 'add', ipv6, 'dev', 'eth0', 'nodad');
    for (const link of ['lo', 'eth0']) run('ip', '-n', name, 'link', 'set', link, 'up');
  }
  run('ip', '-n', pod, 'route', 'add', 'default', 'via', '10.77.0.1');
  run('ip', '-n', pod, '-6', 'route', 'add', 'default', 'via', 'fd77::1');
  // Without privileges the sidecar listens on 443, as in a pod that allows it by this very setting.
  run('ip', 'netns', 'exec', pod, 'sysctl', '-qw', 'net.ipv4.ip_unprivileged_port_start=0');
  for (const address of [LLM.ipv4, WEB.ipv4, DOH.ipv4, RESOLVER, PROXY.ipv4, METADATA])
    run('ip', '-n', world, 'addr', 'add', `${address}/32`, 'dev', 'lo');
  run('ip', '-n', world, 'addr', 'add', `${LLM.ipv6}/128`, 'dev', 'lo', 'nodad');
}
