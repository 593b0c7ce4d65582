// The Dockerfile in; an image that a container engine built by it, run as a pod would run it, and what must then be true. `make test-image`.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layPostern } from '../build-image.ts';
import { CACHE, ROOT, run, WORK } from '../command.ts';
import { say, step, total, until } from '../steps.ts';
import { podman, type Lent } from './podman.ts';

const FOLDER = join(WORK, 'image');
const CONTAINER = 'postern-built';
const { prefix, build, run: start, exec } = podman(join(CACHE, 'podman'));

const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

const CONFIG = `upstreams:
  openai: { provider: openai, url: 'https://api.openai.com' }
policy: { directory: /etc/postern/policy }
`;

/** Prints the answer's status and text. */
const ASK = (content: string): string => `
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: ${JSON.stringify(content)} }] });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' };
  fetch('http://127.0.0.1:7411/openai/v1/chat/completions', { method: 'POST', headers, body })
    .then(async (answer) => console.log(answer.status, await answer.text()));`;

const READY = `fetch('http://127.0.0.1:7490/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1));`;

const LIST = `console.log(JSON.stringify(require('node:fs').readdirSync('/app', { recursive: true })));`;

async function main(): Promise<number> {
  const obstacle = await findObstacle();
  if (obstacle !== null) {
    say(`SKIP  the Dockerfile was not built: ${obstacle}. Nothing was tested.`);
    return 0;
  }
  try {
    await make();
    await look();
    await serve();
    say(`PASS  ${total()} in all`);
    return 0;
  } catch (error) {
    say(`\n${error instanceof Error ? error.message : String(error)}\n${await logs()}`);
    return 1;
  } finally {
    await run(...prefix, 'rm', '--force', '--ignore', CONTAINER);
  }
}

const findObstacle = (): Promise<string | null> =>
  run(...prefix, 'info').then(
    () => null,
    (error: unknown) => `podman does not answer (${String(error).trim().split('\n').at(-1) ?? ''})`,
  );

const logs = (): Promise<string> => run(...prefix, 'logs', CONTAINER).catch(() => '');

async function make(): Promise<void> {
  await step('base images', async () => {
    await run(join(import.meta.dirname, 'bases'), ...prefix);
  });
  await step('the Dockerfile is built', async () => {
    await run(...build(ROOT, await findLent()));
  });
}

/** In an image that is being built. */
const HOME = '/root';

/** By which this machine reaches registries, as far as it has any. */
async function findLent(): Promise<readonly Lent[]> {
  const asked = (...command: readonly [string, ...string[]]): Promise<string> =>
    run(...command).then(
      (said) => said.trim(),
      () => '',
    );
  // Node has authorities of its own; the machine's may have one more.
  const npmrc = join(FOLDER, 'npmrc');
  await mkdir(FOLDER, { recursive: true });
  await writeFile(npmrc, `cafile=${AUTHORITIES}\n`);
  const found: readonly Lent[] = [
    [await asked('npm', 'config', 'get', 'userconfig'), join(HOME, '.npmrc')],
    [await asked('go', 'env', 'GOENV'), join(HOME, '.config/go/env')],
    [existsSync(AUTHORITIES) ? npmrc : '', '/usr/local/etc/npmrc'],
    [AUTHORITIES, AUTHORITIES],
  ];
  return found.filter(([from]) => existsSync(from));
}

async function look(): Promise<void> {
  await step('it says what it can do', async () => {
    assert.match(await run(...start(['--rm'], 'policy', '--help')), /Usage: postern policy/);
  });
  await step('it has nft, with all the libraries that it needs', async () => {
    return (await run(...start(['--rm', '--entrypoint', '/usr/sbin/nft'], '--version'))).trim();
  });
  await step('it can ask the kernel where connections meant to go', async () => {
    const load = "require('/app/node_modules/koffi').load('libc.so.6')";
    await run(...start(['--rm', '--entrypoint', '/usr/bin/node'], '-e', load));
  });
  await step('it has no shell', () =>
    assert.rejects(run(...start(['--rm', '--entrypoint', '/bin/sh'], '-c', 'true')), /sh/),
  );
  await step('it holds what the image that is made without an engine holds', async () => {
    const built = await run(...start(['--rm', '--entrypoint', '/usr/bin/node'], '-e', LIST));
    const laid = await readdir(join(await layPostern(), 'app'), { recursive: true });
    const [here, there] = [new Set(JSON.parse(built) as string[]), new Set(laid)];
    assert.deepEqual([...here].filter((path) => !there.has(path)).sort(), [], 'only in the Dockerfile’s');
    assert.deepEqual([...there].filter((path) => !here.has(path)).sort(), [], 'only in the other');
    return `${String(here.size)} files and folders`;
  });
}

async function serve(): Promise<void> {
  await step('it compiles policies', compile);
  await step('it judges by them', async () => {
    const mounts = ['--volume', `${FOLDER}:/etc/postern:ro`];
    await run(
      ...start(
        ['--detach', '--name', CONTAINER, ...mounts],
        'sidecar',
        '--config',
        '/etc/postern/postern.yaml',
      ),
    );
    await until(30_000, async () => void (await run(...exec(CONTAINER, READY))));
    assert.match(
      await run(...exec(CONTAINER, ASK('Please draft a contract for me.'))),
      /^400 .*legal department/s,
    );
    // Allowed, and so sent on: to where nothing is.
    assert.match(await run(...exec(CONTAINER, ASK('Please write a poem for me.'))), /^502 /);
  });
  await step('it ends when it is told to', async () => {
    await run(...prefix, 'stop', '--time', '20', CONTAINER);
    assert.equal((await run(...prefix, 'wait', CONTAINER)).trim(), '0');
  });
}

async function compile(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(join(FOLDER, 'policy'), { recursive: true });
  await cp(join(ROOT, 'k8s/examples/env-mode/policies'), join(FOLDER, 'source'), { recursive: true });
  await writeFile(join(FOLDER, 'postern.yaml'), CONFIG);
  // It runs as nobody that this machine knows.
  await chmod(join(FOLDER, 'policy'), 0o777);
  const mounts = ['--volume', `${FOLDER}:/policies`, '--memory', '1g'];
  const paths = ['--directory', '/policies/source', '--bundle', '/policies/policy/bundle.tar.gz'];
  await run(...start(['--rm', ...mounts], 'policy', 'build', ...paths));
}

process.exitCode = await main();
