// Bundles that the controller signs, on a real API server: a real sidecar takes no others, wherever they come from.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeys } from '../../../src/policy/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { StandInController } from '../../support/controller.ts';
import { canRender } from '../../support/helm.ts';
import type { Installation } from '../../support/installation.ts';
import { freePort, type Postern } from '../../support/postern.ts';
import { denies, policies, Team } from '../../support/team.ts';
import { until } from '../../support/until.ts';

const keys = generateKeys();

(canStartApiServer && canRender ? describe : describe.skip)('a controller that signs', () => {
  let team: Team;
  let home: Installation;

  beforeAll(async () => {
    team = await Team.open({
      beside: [['shop', 'postern.dev/inject=enabled']],
      keys: { 'signing.pem': keys.privateKey },
    });
    ({ home } = team);
  });
  afterAll(() => team[Symbol.asyncDispose]());

  const seedOf = async (namespace: string): Promise<Buffer> => {
    const path = 'jsonpath={.binaryData.bundle\\.tar\\.gz}';
    const text = await home.api.kubectl('get', 'configmap', 'postern-bundle', '-n', namespace, '-o', path);
    return Buffer.from(text, 'base64');
  };
  const codesOf = async (sidecar: Postern): Promise<string> =>
    JSON.stringify((await sidecar.status()).failure);

  it('is obeyed, edit by edit, back by a pin, and forth again', async () => {
    expect(await team.postern.status()).toMatchObject({
      state: 'ok',
      signature: { keyId: expect.any(String) },
    });
    await home.apply(policies(denies('poet')));
    await team.answers('poet', 400);
    const first = (await team.postern.status()).digest ?? '';
    await home.apply(policies(denies('bard')));
    await team.answers('bard', 400);
    await team.annotate(`postern.dev/pin=${first.slice(0, 12)}`);
    await team.answers('poet', 400);
    await team.annotate('postern.dev/pin-');
    await team.answers('bard', 400);
    expect(await codesOf(team.postern)).toBe('null');
  });

  it('keeps no seed but its own, and a sidecar begins with no other', async () => {
    await until('seeds', async () => (await seedOf('team')).length > 0 && (await seedOf('shop')).length > 0);
    const [own, others] = [await seedOf('team'), await seedOf('shop')];
    const away = { port: await freePort() };
    await using good = await team.enroll({ ...away, name: 'good', seed: own });
    expect((await good.status()).state).toBe('ok');
    await using bad = await team.enroll({ ...away, name: 'bad', seed: others, expectReady: false });
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
    const led = { name: 'led', seed: own, port, authority };
    await using sidecar = await team.enroll(led);
    await until('the forged one came', () => forger.asked > 0);
    await until('it is refused', async () => (await codesOf(sidecar)).includes('signature.unknown_key'));
    expect((await sidecar.status()).digest).toBe((await team.postern.status()).digest);
  });
});
