// A policy in a ConfigMap of a real API server, until a real sidecar obeys it and the ConfigMap says so.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { SYSTEM, type Installation } from '../../support/installation.ts';
import { denies, policies, Team } from '../../support/team.ts';
import { until } from '../../support/until.ts';

(canStartApiServer && canRender ? describe : describe.skip)('a policy in a ConfigMap', () => {
  let team: Team;
  let home: Installation;

  beforeAll(async () => {
    team = await Team.open({ beside: [['other']] });
    ({ home } = team);
  });
  afterAll(() => team[Symbol.asyncDispose]());

  const statusOf = async (
    ...words: Parameters<Team['annotationOf']>
  ): Promise<{ state?: string; acknowledged?: number; pods?: number }> =>
    JSON.parse((await team.annotationOf(...words)) || '{}') as object;

  it('of nobody: the built-in ones come to the sidecar, and the platform’s ConfigMap says that every pod has them', async () => {
    expect(await team.ask('poet')).toBe(200);
    await until(
      'the platform’s status',
      async () => (await statusOf('postern-policy', SYSTEM)).state === 'ok',
    );
    expect(await statusOf('postern-policy', SYSTEM)).toMatchObject({ acknowledged: 1, pods: 1 });
  });

  it('that is broken is refused as it is applied, by key, row and column', async () => {
    await expect(home.apply(policies(`${denies('x')}\nbroken := input.phase ==\n`))).rejects.toThrow(
      /own\.rego:\d+:\d+/,
    );
    expect(await home.refusal(policies('x', { name: 'postern-bundle' }), 'team')).toMatch(
      /controller’s alone/,
    );
  });

  it('is obeyed by the sidecar, and nobody else’s namespace', async () => {
    await home.apply(policies(denies('poet')));
    await team.answers('poet', 400);
    expect(await team.ask('gpt-4o')).toBe(200);
    await until('that all say so', async () => (await statusOf('own')).state === 'ok');
    expect(await statusOf('own')).toMatchObject({ acknowledged: 1, pods: 1 });
  });

  it('is kept as what pods begin with, and as history', async () => {
    const list = async (): Promise<string> =>
      home.api.kubectl('get', 'configmaps', '-n', 'team', '-l', 'postern.dev/bundle', '-o', 'name');
    await until('three', async () => (await list()).trim().split('\n').length === 3);
    expect(await list()).toMatch(/configmap\/postern-bundle\n/);
    expect(await home.api.kubectl('get', 'configmaps', '-n', 'other', '-o', 'name')).not.toContain('bundle');
  });

  it('that is edited is obeyed after the edit, and pinned is as it was', async () => {
    const first = (await team.postern.status()).digest ?? '';
    await home.apply(policies(denies('bard')));
    await team.answers('bard', 400);
    expect(await team.ask('poet')).toBe(200);
    await team.annotate(`postern.dev/pin=${first.slice(0, 12)}`);
    await team.answers('poet', 400);
    await team.annotate('postern.dev/pin-');
    await team.answers('bard', 400);
  });

  it('goes with its ConfigMap', async () => {
    await home.api.kubectl('delete', 'configmap', 'own', '-n', 'team');
    await team.answers('bard', 200);
    expect(await team.ask('poet')).toBe(200);
  });

  it('stays in force while the controller is down', async () => {
    await home.apply(policies(denies('poet')));
    await team.answers('poet', 400);
    await home.stopControllers();
    expect(await team.ask('poet')).toBe(400);
    await home.startController();
    await home.api.kubectl('delete', 'configmap', 'own', '-n', 'team');
    await team.answers('poet', 200);
  });
});
