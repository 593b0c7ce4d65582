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
}

export async function startEnrolled(
  home: Installation,
  { namespace, llm, name = 'app', port = home.sidecarPort }: Enrolling,
): Promise<Postern> {
  await home.create(pod(name), namespace);
  const folder = await mkdtemp(join(home.folder, 'identity-'));
  const bound = ['--audience=postern', '--bound-object-kind=Pod', `--bound-object-name=${name}`];
  const token = await home.api.kubectl('create', 'token', 'default', '-n', namespace, ...bound);
  await writeFile(join(folder, 'token'), token);
  const read = ['get', 'configmap', 'postern-ca', '-n', namespace, '-o', 'jsonpath={.data.ca\\.pem}'];
  await until('whom to trust', async () => (await home.api.kubectl(...read)) !== '');
  await writeFile(join(folder, 'ca.pem'), await home.api.kubectl(...read));
  await mkdir(join(folder, 'kept'));
  return startPostern({
    upstreams: { openai: { provider: 'openai', url: llm.url } },
    settings: {
      policy: {
        directory: join(folder, 'kept'),
        controller: {
          url: `https://localhost:${String(port)}`,
          token_file: join(folder, 'token'),
          ca_file: join(folder, 'ca.pem'),
          candidate_directory: join(folder, 'compared'),
        },
      },
    },
  });
}
