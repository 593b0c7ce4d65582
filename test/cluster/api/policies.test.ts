// A policy in a ConfigMap of a real API server, until a real sidecar obeys it and the ConfigMap says so.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../../src/demo/llm/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { startEnrolled } from '../../support/enrolled.ts';
import { Installation, SYSTEM } from '../../support/installation.ts';
import type { Postern } from '../../support/postern.ts';
import { until } from '../../support/until.ts';

const policy = (body: string): string =>
  `package postern.policies.own.poems\n\ndeny contains "No poems." if {\n\t${body}\n}\n`;
const GOOD = policy('input.phase == "request"\n\tinput.model == "poet"');
const configMap = (name: string, rego: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'team', labels: { 'postern.dev/policy': 'rego' } },
  data: { 'poems.rego': rego },
});

(canStartApiServer && canRender ? describe : describe.skip)('a policy in a ConfigMap', () => {
  let home: Installation;
  let llm: LlmServer;
  let postern: Postern;

  beforeAll(async () => {
    home = await Installation.start([['team', 'postern.dev/inject=enabled'], ['other']]);
    llm = await startLlm();
    postern = await startEnrolled(home, { namespace: 'team', llm });
  });
  afterAll(async () => {
    await postern[Symbol.asyncDispose]();
    await llm.close();
    await home[Symbol.asyncDispose]();
  });

  const ask = async (model: string): Promise<number> =>
    (
      await fetch(`${postern.url}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
      })
    ).status;
  const statusOf = async (
    name: string,
    namespace = 'team',
  ): Promise<{ state?: string; acknowledged?: number; pods?: number }> => {
    const read = [
      'get',
      'configmap',
      name,
      '-n',
      namespace,
      '-o',
      'jsonpath={.metadata.annotations.postern\\.dev/policy-status}',
    ];
    return JSON.parse((await home.api.kubectl(...read)) || '{}') as object;
  };

  it('of nobody: the built-in ones come to the sidecar, and the platform’s ConfigMap says that every pod has them', async () => {
    expect(await ask('poet')).toBe(200);
    await until(
      'the platform’s status',
      async () => (await statusOf('postern-policy', SYSTEM)).state === 'ok',
    );
    expect(await statusOf('postern-policy', SYSTEM)).toMatchObject({ acknowledged: 1, pods: 1 });
  });

  it('that is broken is refused as it is applied, by key, row and column', async () => {
    await expect(home.apply(configMap('poems', policy('input.phase ==')))).rejects.toThrow(
      /poems\.rego:\d+:\d+/,
    );
    expect(await home.refusal(configMap('postern-bundle', 'x'), 'team')).toMatch(/controller’s alone/);
  });

  it('is obeyed by the sidecar, and nobody else’s namespace', async () => {
    await home.apply(configMap('poems', GOOD));
    await until('the refusal', async () => (await ask('poet')) === 400);
    expect(await ask('gpt-4o')).toBe(200);
    await until('that all say so', async () => (await statusOf('poems')).state === 'ok');
    expect(await statusOf('poems')).toMatchObject({ acknowledged: 1, pods: 1 });
  });

  it('is kept as what pods begin with, and as history', async () => {
    const list = async (): Promise<string> =>
      home.api.kubectl('get', 'configmaps', '-n', 'team', '-l', 'postern.dev/bundle', '-o', 'name');
    await until('three', async () => (await list()).trim().split('\n').length === 3);
    expect(await list()).toMatch(/configmap\/postern-bundle\n/);
    expect(await home.api.kubectl('get', 'configmaps', '-n', 'other', '-o', 'name')).not.toContain('bundle');
  });

  it('that is edited is obeyed after the edit, and pinned is as it was', async () => {
    const first = (await postern.status()).digest ?? '';
    const edited = configMap('poems', GOOD.replace('poet', 'bard'));
    await home.apply(edited);
    await until('the edit', async () => (await ask('bard')) === 400);
    expect(await ask('poet')).toBe(200);
    await home.api.kubectl('annotate', 'namespace', 'team', `postern.dev/pin=${first.slice(0, 12)}`);
    await until('the pinned one', async () => (await ask('poet')) === 400);
    await home.api.kubectl('annotate', 'namespace', 'team', 'postern.dev/pin-');
    await until('the newest', async () => (await ask('bard')) === 400);
  });

  it('goes with its ConfigMap', async () => {
    await home.api.kubectl('delete', 'configmap', 'poems', '-n', 'team');
    await until('nobody minds', async () => (await ask('bard')) === 200);
  });

  it('stays in force while the controller is down', async () => {
    await home.apply(configMap('poems', GOOD));
    await until('the refusal', async () => (await ask('poet')) === 400);
    await home.stopControllers();
    expect(await ask('poet')).toBe(400);
    await home.startController();
    await home.api.kubectl('delete', 'configmap', 'poems', '-n', 'team');
    await until('the next one', async () => (await ask('poet')) === 200);
  });
});
