// An installation in; the sidecar of a pod in it, a process beside the controller with that pod's own token, out.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlmServer } from '../../src/demo/llm/index.ts';
import { pod, type Installation } from './installation.ts';
import { startPostern, type Postern } from './postern.ts';
import { until } from './until.ts';

interface Enrolling {
  readonly namespace: string;
  readonly llm: LlmServer;
  readonly name?: string;
  /** Of the controller. */
  readonly port?: number;
  /** Whom to trust as the controller, PEM, where that is not the real one. */
  readonly authority?: string;
  /** What its pod mounts to begin with. */
  readonly seed?: Buffer;
  readonly expectReady?: boolean;
}

export async function startEnrolled(
  home: Installation,
  { namespace, llm, name = 'app', port = home.sidecarPort, authority, seed, expectReady = true }: Enrolling,
): Promise<Postern> {
  await home.create(pod(name), namespace);
  const folder = await mkdtemp(join(home.folder, 'identity-'));
  const bound = ['--audience=postern', '--bound-object-kind=Pod', `--bound-object-name=${name}`];
  const token = await home.api.kubectl('create', 'token', 'default', '-n', namespace, ...bound);
  await writeFile(join(folder, 'token'), token);
  const read = ['get', 'configmap', 'postern-ca', '-n', namespace, '-o', 'jsonpath={.data.ca\\.pem}'];
  await until('whom to trust', async () => (await home.api.kubectl(...read)) !== '');
  await writeFile(join(folder, 'ca.pem'), authority ?? (await home.api.kubectl(...read)));
  for (const each of ['kept', 'seed']) await mkdir(join(folder, each));
  if (seed !== undefined) await writeFile(join(folder, 'seed', 'bundle.tar.gz'), seed);
  const signature = await signatureOf(home, namespace, name);
  return startPostern({
    upstreams: { openai: { provider: 'openai', url: llm.url } },
    settings: {
      policy: {
        directory: join(folder, 'kept'),
        ...(signature && { signature: { ...signature, state_file: join(folder, 'serial.json') } }),
        controller: {
          seed_directory: join(folder, 'seed'),
          // The other one's certificate is for an address.
          url: `https://${authority === undefined ? 'localhost' : '127.0.0.1'}:${String(port)}`,
          token_file: join(folder, 'token'),
          ca_file: join(folder, 'ca.pem'),
          candidate_directory: join(folder, 'compared'),
        },
      },
    },
    expectReady,
  });
}

/** As the injector wrote it into the pod's manifest; null where it did not. */
async function signatureOf(home: Installation, namespace: string, name: string): Promise<object | null> {
  const path =
    'jsonpath={.spec.initContainers[?(@.name=="postern")].env[?(@.name=="POSTERN__POLICY")].value}';
  const text = await home.api.kubectl('get', 'pod', name, '-n', namespace, '-o', path);
  return (JSON.parse(text) as { signature?: object }).signature ?? null;
}
