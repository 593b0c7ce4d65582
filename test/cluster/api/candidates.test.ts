// A candidate in a ConfigMap of a real API server: compared by real sidecars, obeyed by some, held back when it changes too much.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import type { CliRun } from '../../support/cli.ts';
import { canRender } from '../../support/helm.ts';
import type { Installation } from '../../support/installation.ts';
import { denies, policies, Team } from '../../support/team.ts';
import { until } from '../../support/until.ts';

const next = (rego: string): object =>
  policies(rego, {
    name: 'next',
    annotations: { 'postern.dev/channel': 'candidate', 'postern.dev/replaces': 'own' },
  });

interface Told {
  readonly state: string;
  readonly digest: string;
  readonly percent: number;
  readonly obeying: number;
  readonly comparing: number;
  readonly sides: { readonly compared: number; readonly newlyDenied: number };
  readonly hold: { readonly why: string } | null;
}

(canStartApiServer && canRender ? describe : describe.skip)('a candidate', () => {
  let team: Team;
  let home: Installation;

  beforeAll(async () => {
    team = await Team.open({ pods: ['one', 'two'], objects: [policies(denies('poet'))] });
    ({ home } = team);
    await team.answers('poet', 400);
  });
  afterAll(() => team[Symbol.asyncDispose]());

  const told = async (): Promise<Told | null> => (await team.status<{ candidate: Told | null }>()).candidate;
  const policy = (...words: readonly string[]): Promise<CliRun> => team.policy(...words, '-n', 'team');

  it('that is broken is refused at apply, as any other', async () => {
    const broken = `${denies('x')}\nbroken := nowhere(1)\n`;
    expect(await home.refusal(next(broken), 'team')).toMatch(/own\.rego:\d+:\d+/);
  });

  it('is compared by every pod and obeyed by none, and it is told what it would change', async () => {
    await home.apply(next(denies('bard')));
    await until('that both compare it', async () => (await told())?.state === 'compared');
    expect(await team.askAll('bard')).toEqual([200, 200]);
    expect(await team.askAll('poet')).toEqual([400, 400]);
    // Questions and answers, in both pods.
    await until('the counts', async () => ((await told())?.sides.newlyDenied ?? 0) === 4);
    const { stdout } = await policy('status');
    expect(stdout).toMatch(
      /team: candidate \w{12}: compared, by 2 of 2 pods; of \d+ sides 4 newly denied, \d+ newly allowed, 0 failed/,
    );
  });

  it('is obeyed by as many pods as the Namespace says, and the policies in force by the others', async () => {
    await team.annotate('postern.dev/policy-channel=candidate', 'postern.dev/candidate-limit-percent=100');
    await team.answers('bard', 400);
    expect(await team.askAll('poet')).toEqual([200, 200]);
    await until('that it is told', async () => (await told())?.state === 'obeyed');
    expect((await policy('wait')).code).toBe(0);
    await team.annotate('postern.dev/candidate-percent=0');
    await team.answers('bard', 200);
  });

  it('that changes too much is held back by itself, told, and obeyed again when somebody approves', async () => {
    await team.annotate('postern.dev/candidate-percent=100', 'postern.dev/candidate-limit-percent=5');
    await team.answers('bard', 400);
    for (let turn = 0; turn < 40; turn += 1) await team.askAll('bard');
    await until('that it is held', async () => (await told())?.state === 'held');
    await team.answers('bard', 200);
    const { digest, hold } = (await told())!;
    expect(hold?.why).toMatch(/changes \d+ of \d+ sides/);
    expect((await policy('status')).stdout).toMatch(/held: it changes \d+ of/);
    await until('its annotation', async () => /"state":"held"/.test(await team.annotationOf('next')));
    expect((await policy('approve', '0123456789ab')).code).toBe(1);
    expect((await policy('approve', digest.slice(0, 12))).code).toBe(0);
    await team.answers('bard', 400);
  });

  it('goes with its ConfigMap', async () => {
    await home.api.kubectl('delete', 'configmap', 'next', '-n', 'team');
    await team.answers('bard', 200);
    await until('that it is told', async () => (await told()) === null);
    expect(await team.askAll('poet')).toEqual([400, 400]);
    const status = (await (await fetch(`${team.postern.admin}/status`)).json()) as {
      candidate: { digest: string | null };
    };
    expect(status.candidate.digest).toBeNull();
  });
});
