// Two controllers at a real API server, reached as a Service leads: either may be asked, one writes, and either may die.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { pod, type Installation } from '../../support/installation.ts';
import { denies, policies, Team } from '../../support/team.ts';

const PODS = ['one', 'two', 'three'];

interface Status {
  readonly state: string;
  readonly byPod: ReadonlyArray<{ readonly at: string | null }>;
}

(canStartApiServer && canRender ? describe : describe.skip)('two replicas of the controller', () => {
  let team: Team;
  let home: Installation;

  beforeAll(async () => {
    team = await Team.open({ pods: PODS, replicas: 2 });
    ({ home } = team);
  });
  afterAll(() => team[Symbol.asyncDispose]());

  const edit = (model: string): Promise<void> => home.apply(policies(denies(model)));
  const wait = async (): Promise<{ digest: string; pods: number }> => {
    const { code, stdout, stderr } = await team.policy('wait', '-n', 'team', '-o', 'json');
    if (code !== 0) throw new Error(`${String(code)}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as { digest: string; pods: number };
  };
  const digests = async (): Promise<ReadonlySet<string | null>> =>
    new Set(await Promise.all(team.posterns.map(async (each) => (await each.status()).digest)));
  const status = (): Promise<Status> => team.status<Status>();

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
