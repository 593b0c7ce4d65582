// Bundles that the controller signs, on a real API server: a real sidecar takes no others, wherever they come from.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../../src/demo/llm/index.ts';
import { generateKeys } from '../../../src/policy/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { StandInController } from '../../support/controller.ts';
import { startEnrolled } from '../../support/enrolled.ts';
import { canRender } from '../../support/helm.ts';
import { Installation } from '../../support/installation.ts';
import { freePort, type Postern } from '../../support/postern.ts';
import { until } from '../../support/until.ts';

const keys = generateKeys();
const configMap = (model: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'poems', namespace: 'team', labels: { 'postern.dev/policy': 'rego' } },
  data: {
    'x.rego': `package postern.policies.own.poems\n\ndeny contains "No." if input.model == "${model}"\n`,
  },
});

(canStartApiServer && canRender ? describe : describe.skip)('a controller that signs', () => {
  let home: Installation;
  let llm: LlmServer;
  let postern: Postern;

  beforeAll(async () => {
    const injected = 'postern.dev/inject=enabled';
    home = await Installation.start(
      [
        ['team', injected],
        ['shop', injected],
      ],
      { keys: { 'signing.pem': keys.privateKey } },
    );
    llm = await startLlm();
    postern = await startEnrolled(home, { namespace: 'team', llm });
  });
  afterAll(async () => {
    await postern[Symbol.asyncDispose]();
    await llm.close();
    await home[Symbol.asyncDispose]();
  });

  const ask = async (model: string): Promise<number> => {
    const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    return answer.status;
  };
  const seedOf = async (namespace: string): Promise<Buffer> => {
    const path = 'jsonpath={.binaryData.bundle\\.tar\\.gz}';
    const text = await home.api.kubectl('get', 'configmap', 'postern-bundle', '-n', namespace, '-o', path);
    return Buffer.from(text, 'base64');
  };
  const codesOf = async (sidecar: Postern): Promise<string> =>
    JSON.stringify((await sidecar.status()).failure);

  it('is obeyed, edit by edit, back by a pin, and forth again', async () => {
    expect(await postern.status()).toMatchObject({ state: 'ok', signature: { keyId: expect.any(String) } });
    await home.apply(configMap('poet'));
    await until('the refusal', async () => (await ask('poet')) === 400);
    const first = (await postern.status()).digest ?? '';
    await home.apply(configMap('bard'));
    await until('the edit', async () => (await ask('bard')) === 400);
    await home.api.kubectl('annotate', 'namespace', 'team', `postern.dev/pin=${first.slice(0, 12)}`);
    await until('the pinned one', async () => (await ask('poet')) === 400);
    await home.api.kubectl('annotate', 'namespace', 'team', 'postern.dev/pin-');
    await until('the newest', async () => (await ask('bard')) === 400);
    expect(await codesOf(postern)).toBe('null');
  });

  it('keeps no seed but its own, and a sidecar begins with no other', async () => {
    await until('seeds', async () => (await seedOf('team')).length > 0 && (await seedOf('shop')).length > 0);
    const [own, others] = [await seedOf('team'), await seedOf('shop')];
    const away = { namespace: 'team', llm, port: await freePort() };
    await using good = await startEnrolled(home, { ...away, name: 'good', seed: own });
    expect((await good.status()).state).toBe('ok');
    await using bad = await startEnrolled(home, { ...away, name: 'bad', seed: others, expectReady: false });
    await until('it refuses', async () => (await codesOf(bad)).includes('signature.unknown_key'));
    // Past the admission policy, as somebody could who may change that.
    const change = JSON.stringify({ binaryData: { 'bundle.tar.gz': others.toString('base64') } });
    const account = '--as=system:serviceaccount:postern-system:postern';
    await home.api.kubectl(
      'patch',
      'configmap',
      'postern-bundle',
      '-n',
      'team',
      account,
      '--type=merge',
      '-p',
      change,
    );
    await until('it is mended', async () => !(await seedOf('team')).equals(others));
  });

  it('is not played by another, even one that a sidecar trusts to be the controller', async () => {
    await using forger = await StandInController.prepare(await freePort());
    await forger.open();
    forger.offer('f'.repeat(64), await seedOf('shop'));
    const own = await seedOf('team');
    const { port, authority } = forger;
    const led = { namespace: 'team', llm, name: 'led', seed: own, port, authority };
    await using sidecar = await startEnrolled(home, led);
    await until('the forged one came', () => forger.asked > 0);
    await until('it is refused', async () => (await codesOf(sidecar)).includes('signature.unknown_key'));
    expect((await sidecar.status()).digest).toBe((await postern.status()).digest);
  });
});
