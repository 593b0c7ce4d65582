import { describe, expect, it } from '@jest/globals';
import { createBuild, readFloor, type ConfigMap } from '../../../../src/cluster/distribute/index.ts';
import {
  readBundle,
  spawnFloorCompiler,
  type Bundle,
  type CompileFloors,
} from '../../../../src/policy/index.ts';
import { resolveModes } from '../../../../src/policy/modes.ts';
import { aConfigMap, aPolicy } from '../../../support/config-maps.ts';
import { MAIN } from '../../../support/postern.ts';

const build = createBuild(spawnFloorCompiler(MAIN));
const { signal } = new AbortController();
const run = (own: readonly ConfigMap[], platform: readonly ConfigMap[] = []) =>
  build({ platform: readFloor(platform), own: readFloor(own) }, signal);

async function built(...sets: Parameters<typeof run>): Promise<Bundle> {
  const outcome = await run(...sets);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  const bundle = readBundle(outcome.value.bytes);
  if (!bundle.ok) throw new Error(bundle.error.message);
  expect(bundle.value.digest).toBe(outcome.value.digest);
  return bundle.value;
}

async function issuesOf(...sets: Parameters<typeof run>): Promise<readonly unknown[]> {
  const outcome = await run(...sets);
  return outcome.ok ? ['compiled'] : outcome.error.issues;
}

const PLATFORM = [
  aConfigMap('postern-system/base', {
    'region.rego': aPolicy('acme.region'),
    'config.yaml': 'region: eu\nmax_user_length: 10',
    'open_to_teams.yaml': '[config.max_output_tokens]',
  }),
];

describe('the bundle of a namespace', () => {
  it('holds what is built in, the platform’s and its own, from as many ConfigMaps as there are', async () => {
    const own = [
      aConfigMap('team/one', { 'x.rego': aPolicy('team.x'), 'config.yaml': 'mine: 1' }),
      aConfigMap(
        'team/two',
        { 'y.rego': aPolicy('team.y'), 'config.yaml': 'max_output_tokens: 7' },
        { annotations: { 'postern.dev/enforcement-action': 'audit' } },
      ),
    ];
    const bundle = await built(own, PLATFORM);
    const levels = Object.fromEntries(bundle.policies.map(({ id, level }) => [id, level]));
    expect(levels).toMatchObject({
      'length.limit': 'platform',
      'acme.region': 'platform',
      'team.x': 'tenant',
      'team.y': 'tenant',
    });
    expect(bundle.data).toMatchObject({
      config: { region: 'eu', max_user_length: 10, mine: 1, max_output_tokens: 7 },
    });
    expect(resolveModes(bundle.modes, 'team')).toEqual({ 'team.y': 'audit' });
  });

  it('cannot be made weaker by a tenant, and the ConfigMap and key that try are named', async () => {
    const own = [
      aConfigMap('team/data', { 'config.yaml': 'max_user_length: 99999' }),
      aConfigMap('team/rego', { 'x.rego': aPolicy('acme.region') }),
    ];
    expect(await issuesOf(own.slice(0, 1), PLATFORM)).toEqual([
      expect.objectContaining({ configMap: 'team/data', key: 'config.yaml', code: 'data.locked' }),
    ]);
    expect(await issuesOf(own.slice(1), PLATFORM)).toEqual([
      expect.objectContaining({ configMap: 'team/rego', key: 'x.rego', code: 'policy.taken', row: 1 }),
    ]);
  });

  it('cannot be made weaker where the platform has said nothing either', async () => {
    const own = aConfigMap('team/data', { 'config.yaml': 'max_user_length: 99999' });
    expect(await issuesOf([own])).toEqual([
      expect.objectContaining({ configMap: 'team/data', key: 'config.yaml', code: 'data.locked' }),
    ]);
    const modes = aConfigMap('team/modes', { 'modes.yaml': 'policies: { length.limit: off }' });
    expect(await issuesOf([modes])).toEqual([
      expect.objectContaining({ configMap: 'team/modes', key: 'modes.yaml', code: 'modes.weaker' }),
    ]);
  });

  it('is refused where the Rego is wrong, by row and column, whoever wrote it', async () => {
    const broken = { 'x.rego': `${aPolicy('team.x')}\nbroken := nowhere(1)\n` };
    const expected = { key: 'x.rego', row: 5, column: 11 };
    expect(await issuesOf([aConfigMap('team/a', broken)], PLATFORM)).toContainEqual(
      expect.objectContaining({ configMap: 'team/a', ...expected }),
    );
    expect(await issuesOf([], [aConfigMap('postern-system/a', broken)])).toContainEqual(
      expect.objectContaining({ configMap: 'postern-system/a', ...expected }),
    );
  });
});

describe('a build', () => {
  const set = (text: string) => ({
    platform: readFloor([]),
    own: readFloor([aConfigMap('team/a', { 'x.rego': text })]),
  });
  const failure = (isPassing: boolean): Awaited<ReturnType<CompileFloors>> => ({
    ok: false,
    error: { isPassing, issues: [{ file: 'team/a/x.rego', row: 1, col: 2, code: 'c', message: 'm' }] },
  });

  it('compiles the same set once, unless it failed for a reason that may pass', async () => {
    let count = 0;
    const counting =
      (isPassing: boolean): CompileFloors =>
      () => {
        count += 1;
        return Promise.resolve(failure(isPassing));
      };
    const lasting = createBuild(counting(false));
    for (const text of ['a', 'a', 'b', 'a']) await lasting(set(text), signal);
    expect(count).toBe(2);
    const passing = createBuild(counting(true));
    for (const text of ['a', 'a']) await passing(set(text), signal);
    expect(count).toBe(4);
  });

  it('does not start a compiler for what cannot be read', async () => {
    const broken = createBuild(() => Promise.reject(new Error('not to be asked')));
    const unread = { platform: readFloor([]), own: readFloor([aConfigMap('team/a', { README: '' })]) };
    expect(await broken(unread, signal)).toMatchObject({ ok: false, error: { isPassing: false } });
    expect(await broken(set('a'), signal)).toMatchObject({
      ok: false,
      error: { isPassing: true, issues: [{ code: 'policy.compiler_failed' }] },
    });
  });
});
