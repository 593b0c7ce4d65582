// Sets the stage: an LLM server over TLS, a receiver of traces, a policy directory, and the sidecar as its own process.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIdentity } from './certificate.ts';
import { startLlm, type LlmServer } from './llm/index.ts';
import { startOtlpReceiver, type OtlpReceiver } from './otlp/index.ts';
import { CONFIG, PATTERNS, POLICY } from './policies.ts';

export interface Stage extends AsyncDisposable {
  /** Base URL of the sidecar, as an application's environment would name it. */
  readonly gate: string;
  readonly llm: LlmServer;
  /** The authority to trust when calling the LLM server directly. */
  readonly authority: string;
  readonly otlp: OtlpReceiver;
  /** The policy artifact, to be edited. */
  readonly configFile: string;
  readonly auditLines: () => readonly AuditLine[];
  readonly processId: number;
}

export interface AuditLine {
  readonly decision_id: string;
  readonly path: string;
  readonly result: { readonly action: string; readonly reasons?: ReadonlyArray<{ readonly code: string }> };
  readonly error?: { readonly code: string };
}

const READY_MS = 30_000;

export async function setStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  try {
    return await build(stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function build(stack: AsyncDisposableStack): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-demo-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const identity = await makeIdentity('127.0.0.1');
  const llm = stack.adopt(await startLlm({ tls: identity, pauseMs: 1 }), (server) => server.close());
  const otlp = stack.adopt(await startOtlpReceiver(), (receiver) => receiver.close());
  const [http, admin] = [await freePort(), await freePort()];
  await writeFile(join(folder, 'authority.pem'), identity.cert);
  await writePolicies(join(folder, 'policies'));
  const config = { listen: { http, admin }, folder, llm: llm.url, otlp: otlp.url };
  await writeFile(join(folder, 'postern.yaml'), JSON.stringify(configuration(config), null, 2));
  const child = stack.adopt(startSidecar(join(folder, 'postern.yaml')), stop);
  await untilReady(admin, child);
  return {
    gate: `http://127.0.0.1:${http}`,
    llm,
    authority: identity.cert,
    otlp,
    configFile: join(folder, 'policies/config.json'),
    auditLines: () => readAudit(join(folder, 'audit.jsonl')),
    processId: child.pid ?? 0,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function writePolicies(directory: string): Promise<void> {
  await mkdir(directory);
  await writeFile(join(directory, 'config.json'), JSON.stringify(CONFIG, null, 2));
  await writeFile(join(directory, 'contracts.rego'), POLICY);
  await writeFile(join(directory, 'patterns.yaml'), PATTERNS);
}

interface ConfigurationFacts {
  readonly listen: { readonly http: number; readonly admin: number };
  readonly folder: string;
  readonly llm: string;
  readonly otlp: string;
}

function configuration({ listen, folder, llm, otlp }: ConfigurationFacts): object {
  const ca_file = join(folder, 'authority.pem');
  return {
    listen: { http: `127.0.0.1:${listen.http}`, admin: `127.0.0.1:${listen.admin}` },
    upstreams: {
      openai: { provider: 'openai', url: llm, ca_file },
      anthropic: { provider: 'anthropic', url: llm, ca_file },
    },
    policy: { directory: join(folder, 'policies') },
    telemetry: { otlp },
    audit: { file: join(folder, 'audit.jsonl') },
  };
}

const MAIN = join(import.meta.dirname, '../main.ts');

function startSidecar(config: string): ChildProcess {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'sidecar', '--config', config],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function untilReady(admin: number, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${admin}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the sidecar did not become ready:\n${said}`);
}

const readAudit = (file: string): AuditLine[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditLine);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
