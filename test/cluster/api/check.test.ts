// `postern check` at a real API server: before the chart is there, with it, and with parts of it taken away.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INSTALLED } from '../../../src/cli/check/rights.ts';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';
import { runCommand } from '../../support/cli.ts';
import { canRender, render } from '../../support/helm.ts';
import { Installation, pod } from '../../support/installation.ts';
import { until } from '../../support/until.ts';

interface Told {
  readonly isWell: boolean;
  readonly checks: ReadonlyArray<{ id: string; status: string; lines: readonly string[]; hint: string }>;
}

/** Here are no pods of the controller, and its webhooks are asked by URL. */
const WITHOUT_NODES = ['controller-ready', 'controller-reachable'];

(canStartApiServer && canRender ? describe : describe.skip)('postern check', () => {
  const ask = async (kubeconfig: string, ...words: readonly string[]): Promise<Told> =>
    JSON.parse(
      (await runCommand('check', ...words, '--kubeconfig', kubeconfig, '-o', 'json')).stdout,
    ) as Told;
  const notWell = ({ checks }: Told): string[] =>
    checks.filter(({ status }) => status !== 'ok').map(({ id }) => id);

  describe('before installing', () => {
    let api: ApiServer;
    beforeAll(async () => {
      api = await ApiServer.start();
    });
    afterAll(() => api[Symbol.asyncDispose]());

    it('finds a cluster that can have it', async () => {
      expect(notWell(await ask(api.kubeconfig, '--pre'))).toEqual([]);
      const { code, stdout } = await runCommand('check', '--pre', '--kubeconfig', api.kubeconfig);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Kubernetes\n√ Kubernetes is 1\.30 or newer \(v1\.\d+\.\d+\)\n/);
    });

    it('asks for every kind that the chart holds', async () => {
      const kinds = new Set((await render()).map(({ kind }) => kind.toLowerCase()));
      const asked = INSTALLED.map(([, plural]) => plural.replace(/ies$/, 'y').replace(/s$/, ''));
      for (const kind of kinds) expect(asked).toContain(kind);
    });

    it('says that nothing is installed', async () => {
      const found = notWell(await ask(api.kubeconfig));
      expect(found).toEqual(expect.arrayContaining(['controller-ready', 'webhooks-present', 'second-lock']));
    });

    it('fails where nobody answers, and says so', async () => {
      const kubeconfig = await api.kubeconfigVia(1);
      const { code, stdout } = await runCommand('check', '--kubeconfig', kubeconfig, '-o', 'short');
      expect(code).toBe(1);
      expect(stdout).toMatch(/failed +kubernetes-version: it could not be read: unreachable/);
    });
  });

  describe('after installing', () => {
    let home: Installation;
    beforeAll(async () => {
      home = await Installation.start([['team', 'postern.dev/inject=enabled']]);
      await home.create(pod('app'), 'team');
    });
    afterAll(() => home[Symbol.asyncDispose]());
    const check = (...words: readonly string[]): Promise<Told> => ask(home.api.kubeconfig, ...words);

    it('finds all well that can be without nodes', async () => {
      const told = await check('-n', 'team');
      const open = [...WITHOUT_NODES, 'policies-acknowledged', 'namespace-bypass'];
      expect(notWell(told).filter((id) => !open.includes(id))).toEqual([]);
      expect(told.checks.find(({ id }) => id === 'certificate-days')?.lines[0]).toMatch(/^\d+ days$/);
      expect(told.checks.every(({ id, hint }) => hint === `docs/checks.md#${id}`)).toBe(true);
    });

    it('finds what was taken away, and only that', async () => {
      const before = notWell(await check());
      await home.api.kubectl('delete', 'validatingadmissionpolicybinding', 'postern-exec');
      expect(notWell(await check()).filter((id) => !before.includes(id))).toEqual(['second-lock']);
      await home.api.kubectl('delete', 'validatingwebhookconfiguration', 'postern');
      expect(notWell(await check()).filter((id) => !before.includes(id))).toEqual([
        'webhooks-present',
        'second-lock',
      ]);
    });

    it('finds a namespace whose limits have no room for a sidecar', async () => {
      const limits = [{ type: 'Container', max: { memory: '20Mi' } }];
      const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'small' }, spec: { limits } };
      await home.create(range, 'team');
      const line = 'maximum memory usage per Container is 20Mi';
      let seen = '';
      await until(
        () => `${line}, but ${seen}`,
        async () => {
          const { checks } = await check('-n', 'team');
          const found = checks.find(({ id }) => id === 'namespace-admits');
          seen = found?.lines.join() ?? '';
          return found?.status === 'failed' && seen.includes(line);
        },
      );
    });

    it('leaves nothing behind', async () => {
      const pods = await home.api.kubectl('get', 'pods', '-A', '-o', 'name');
      expect(pods).not.toContain('postern-check');
    });

    it('skips what the caller may not read, and says so', async () => {
      await home.api.kubectl('create', 'serviceaccount', 'nobody', '-n', 'team');
      const token = (await home.api.kubectl('create', 'token', 'nobody', '-n', 'team')).trim();
      const told = await ask(await home.kubeconfigOf(token));
      expect(told.checks.find(({ id }) => id === 'certificate-days')).toMatchObject({ status: 'skipped' });
      expect(told.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    });
  });
});
