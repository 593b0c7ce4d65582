// Postern as the image runs it, with the whole built-in policy set, an audit log, and traces going to a receiver.
import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, IMAGE_ENV, IMAGE_FLAGS } from '../support/postern.ts';
import { pause, type Processes } from './processes.ts';

const root = join(import.meta.dirname, '../..');

export interface PosternProcess {
  readonly url: string;
  readonly child: ChildProcess;
}

export async function startPostern(
  processes: Processes,
  upstreams: Readonly<Record<string, object>>,
): Promise<PosternProcess> {
  const { folder } = processes;
  const [http, admin, otlp] = [await freePort(), await freePort(), await freePort()];
  const config = {
    listen: { http: `127.0.0.1:${http}`, admin: `127.0.0.1:${admin}` },
    upstreams,
    policy: { directory: buildPolicies(folder) },
    audit: { file: join(folder, 'audit.jsonl') },
    telemetry: { otlp: `http://127.0.0.1:${otlp}` },
  };
  const file = join(folder, 'postern.yaml');
  writeFileSync(file, JSON.stringify(config));
  await processes.start('telemetry sink', otlp, [join(import.meta.dirname, 'sink.ts'), `${otlp}`]);
  const program = [...IMAGE_FLAGS, join(root, 'dist/main.js'), 'sidecar', '--config', file];
  const child = await processes.start('postern', http, program, IMAGE_ENV);
  await ready(admin);
  return { url: `http://127.0.0.1:${http}`, child };
}

export function buildPolicies(folder: string): string {
  const [policies, sources] = [join(folder, 'policies'), join(folder, 'sources')];
  mkdirSync(policies);
  mkdirSync(sources);
  const settings = { max_user_length: 10_000, allow_code_execution: false };
  writeFileSync(join(sources, 'config.json'), JSON.stringify(settings));
  const build = ['policy', 'build', '--directory', sources, '--bundle', join(policies, 'bundle.tar.gz')];
  execFileSync(process.execPath, [join(root, 'src/main.ts'), ...build], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return policies;
}

async function ready(admin: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${admin}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await pause();
  }
  throw new Error('postern did not become ready');
}
