// `postern policy status|wait|history|pin|unpin|rollback` at a real API server, with a real controller and a real sidecar.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { runCommand, type CliRun } from '../../support/cli.ts';
import { canRender } from '../../support/helm.ts';
import type { Installation } from '../../support/installation.ts';
import { denies, policies, Team } from '../../support/team.ts';
import { until } from '../../support/until.ts';

(canStartApiServer && canRender ? describe : describe.skip)(
  'policies of a cluster, from the command line',
  () => {
    let team: Team;
    let home: Installation;

    beforeAll(async () => {
      team = await Team.open({ beside: [['empty']] });
      ({ home } = team);
    });
    afterAll(() => team[Symbol.asyncDispose]());

    const policy = (...words: readonly string[]): Promise<CliRun> => team.policy(...words);
    const json = async (...words: readonly string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await policy(...words, '-o', 'json')).stdout) as Record<string, unknown>;
    const edit = (model: string): Promise<void> => home.apply(policies(denies(model)));

    it('are waited for, until the pod has the very ones that were applied', async () => {
      for (const model of ['one', 'two', 'three']) {
        await edit(model);
        expect(await policy('wait', '-n', 'team')).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/^team: 1 pod has \w{12}\n$/),
        });
        const { digest } = await json('wait', '-n', 'team');
        expect((await team.postern.status()).digest).toBe(digest);
      }
    });

    it('are told, with each pod when it is asked for', async () => {
      expect(await policy('status', '-A')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(
          /^NAMESPACE +STATE +DIGEST +PODS +CHANNEL\nteam +ok +\w{12} +1\/1 +newest\n$/,
        ),
      });
      expect((await policy('status', '-n', 'team', '--pods')).stdout).toMatch(
        /team: pod app: ok, has \w{12}/,
      );
      expect(await policy('status', '-n', 'empty')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('unknown'),
      });
    });

    it('are waited for no longer than is said', async () => {
      const waited = await policy('wait', '-n', 'team', '--digest', 'abcdefabcdef', '--timeout', '1s');
      expect(waited).toMatchObject({
        code: 75,
        stderr: expect.stringMatching(/time is up: \w{12} is distributed/),
      });
    });

    it('go back to the ones before, whatever is edited, and forth again', async () => {
      const { digest: third } = await json('wait', '-n', 'team');
      const dry = await policy('rollback', '-n', 'team', '--dry-run');
      expect(dry.stdout).toContain('nothing was changed');
      const { pin } = await json('rollback', '-n', 'team');
      await until('the one before', async () => (await team.postern.status()).digest?.slice(0, 12) === pin);
      await edit('four');
      const { channel } = await json('wait', '-n', 'team', '--digest', String(pin));
      expect(channel).toBe('pinned');
      expect((await policy('history', '-n', 'team')).stdout).toMatch(
        new RegExp(`${String(pin)} .*distributed, pinned`),
      );
      await json('unpin', '-n', 'team');
      await until('the newest', async () => {
        const { digest } = await team.postern.status();
        return digest !== third && digest?.slice(0, 12) !== pin;
      });
    });

    it('are not pinned to what is not kept: neither here, nor by an annotation without being told', async () => {
      const refused = await policy('pin', 'abcdefabcdef', '-n', 'team');
      expect(refused).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/not kept; kept are \w{12}, /),
      });
      await team.annotate('postern.dev/pin=abcdefabcdef');
      await until('that it is told', async () => {
        const { code, stdout } = await policy('status', '-n', 'team');
        return code === 1 && /pinned to abcdefabcdef .*not kept; kept are/.test(stdout);
      });
      expect((await policy('wait', '-n', 'team')).code).toBe(1);
      await policy('unpin', '-n', 'team');
      expect((await policy('wait', '-n', 'team')).code).toBe(0);
    });

    it('cannot be asked for without a cluster, and that is said', async () => {
      const words = ['policy', 'status', '--kubeconfig', home.api.kubeconfig, '--context', 'nowhere'];
      expect(await runCommand(...words)).toMatchObject({
        code: 69,
        stderr: expect.stringContaining('no context nowhere'),
      });
    });
  },
);
