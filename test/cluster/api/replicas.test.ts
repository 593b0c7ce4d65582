// Two controllers at a real API server, reached as a Service leads: either may be asked, one writes, and either may die.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../../src/demo/llm/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { runCommand } from '../../support/cli.ts';
import { startEnrolled } from '../../support/enrolled.ts';
import { canRender } from '../../support/helm.ts';
import { Installation, pod } from '../../support/installation.ts';
import type { Postern } from '../../support/postern.ts';

const PODS = ['one', 'two', 'three'];
const configMap = (model: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'own', namespace: 'team', labels: { 'postern.dev/policy': 'rego' } },
  data: {
    'own.rego': `package postern.policies.own.models\n\ndeny contains "No." if input.model == "${model}"\n`,
  },
});

(canStartApiServer && canRender ? describe : describe.skip)('two replicas of the controller', () => {
  let home: Installation;
  let llm: LlmServer;
  const posterns: Postern[] = [];

  beforeAll(async () => {
    home = await Installation.start([['team', 'postern.dev/inject=enabled']], { replicas: 2 });
    llm = await startLlm();
    for (const name of PODS) posterns.push(await startEnrolled(home, { namespace: 'team', llm, name }));
  });
  afterAll(async () => {
    for (const each of posterns) await each[Symbol.asyncDispose]();
    await llm.close();
    await home[Symbol.asyncDispose]();
  });

  const edit = (model: string): Promise<void> => home.apply(configMap(model));
  const wait = async (...words: readonly string[]): Promise<{ digest: string; pods: number }> => {
    const where = ['-n', 'team', '-o', 'json', '--kubeconfig', home.api.kubeconfig];
    const { code, stdout, stderr } = await runCommand('policy', 'wait', ...where, ...words);
    if (code !== 0) throw new Error(`${String(code)}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as { digest: string; pods: number };
  };
  const digests = async (): Promise<ReadonlySet<string | null>> =>
    new Set(await Promise.all(posterns.map(async (each) => (await each.status()).digest)));
  const status = async (): Promise<{ state: string; byPod: ReadonlyArray<{ at: string | null }> }> =>
    JSON.parse(
      await home.api.kubectl(
        'get',
        'configmap',
        'postern-policy-status',
        '-n',
        'team',
        '-o',
        'jsonpath={.data.status\\.json}',
      ),
    ) as Awaited<ReturnType<typeof status>>;

  it('hear each pod, whichever of them it speaks to, and one of them says so', async () => {
    for (const model of ['a', 'b', 'c']) {
      await edit(model);
      const { digest, pods } = await wait();
      expect(pods).toBe(PODS.length);
      expect(await digests()).toEqual(new Set([digest]));
    }
    const leading = await Promise.all([...home.controllers].map((each) => each.isLeader()));
    expect(leading.filter(Boolean)).toHaveLength(1);
  });

  it('take over from each other without taking back what was said', async () => {
    const before = await status();
    const dead = await home.leader();
    home.killController(dead);
    const states = new Set<string>();
    const next = await home.leader();
    expect(next).not.toBe(dead);
    const end = performance.now() + 3_000;
    while (performance.now() < end) states.add((await status()).state);
    expect([...states]).toEqual(['ok']);
    expect(await status()).toEqual(before);
  });

  it('obey an edit that was made while nobody led', async () => {
    await home.startController();
    home.killController(await home.leader());
    await edit('d');
    const { digest } = await wait();
    expect(await digests()).toEqual(new Set([digest]));
  });

  it('take back nothing either when all of them start anew', async () => {
    const before = await status();
    expect(before.state).toBe('ok');
    await home.stopControllers();
    const states = new Set<string>();
    const watching = setInterval(() => void status().then(({ state }) => states.add(state)), 50);
    await home.startController();
    await home.leader();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    clearInterval(watching);
    expect([...states]).toEqual(['ok']);
  });

  it('inject pods whichever of them is asked', async () => {
    await home.startController();
    for (const name of ['first', 'second', 'third']) await home.create(pod(name), 'team');
    const read = 'jsonpath={.items[*].metadata.labels.postern\\.dev/injected}';
    const injected = (await home.api.kubectl('get', 'pods', '-n', 'team', '-o', read)).split(' ');
    expect(injected).toEqual(Array.from({ length: PODS.length + 3 }, () => 'true'));
  });
});
