import { describe, expect, it } from '@jest/globals';
import {
  createBuild,
  createReview,
  type BuildSet,
  type ConfigMap,
  type SetIssue,
} from '../../../../src/cluster/distribute/index.ts';
import { spawnFloorCompilers } from '../../../../src/policy/index.ts';
import { aConfigMap, aPolicy } from '../../../support/config-maps.ts';
import { MAIN } from '../../../support/postern.ts';

const ACCOUNT = 'system:serviceaccount:postern-system:postern';
const PLATFORM = aConfigMap('postern-system/base', { 'region.rego': aPolicy('acme.region') });

interface World {
  readonly there?: readonly ConfigMap[];
  readonly issues?: readonly SetIssue[];
  readonly build?: BuildSet;
  readonly test?: BuildSet;
  readonly limitMs?: number;
}

const compilers = spawnFloorCompilers(MAIN);
const [real, realTest] = [createBuild(compilers.compile), createBuild(compilers.test)];
const fine: BuildSet = async () => ({ ok: true, value: { digest: '', bytes: Buffer.alloc(0) } });

/** Every file with this word in it is at fault. */
const blaming =
  (word: string): BuildSet =>
  async ({ platform, own }) => {
    const bad = [...platform.files, ...own.files].filter(({ bytes }) => bytes.toString().includes(word));
    const issues = bad.map(({ name }) => {
      const [namespace = '', configMap = '', key = ''] = name.split('/');
      return { configMap: `${namespace}/${configMap}`, key, row: 5, column: 1, code: 'c', message: 'm' };
    });
    return bad.length === 0
      ? fine({ platform, own }, AbortSignal.abort())
      : { ok: false, error: { issues, isPassing: false } };
  };

const reviewIn = ({ there = [], issues = [], build = real, test = realTest, limitMs = 60_000 }: World) =>
  createReview({
    build,
    test,
    platform: 'postern-system',
    account: ACCOUNT,
    configMapsOf: (namespace) =>
      [PLATFORM, ...there].filter(({ metadata }) => metadata.namespace === namespace),
    issuesOf: () => issues,
    limitMs,
  });

function bodyOf(object: ConfigMap, told: object = {}): object {
  const { namespace, name } = object.metadata;
  const userInfo = { username: 'jane' };
  const request = {
    uid: 'u1',
    kind: { kind: 'ConfigMap' },
    operation: 'CREATE',
    namespace,
    name,
    userInfo,
    object,
  };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { ...request, ...told } };
}

async function verdictOn(object: ConfigMap, world: World = {}, told: object = {}) {
  const reviewed = await reviewIn(world)(bodyOf(object, told));
  if (!reviewed.ok) throw new Error(reviewed.error);
  return reviewed.value.verdict;
}

const GOOD = aConfigMap('team/a', { 'x.rego': aPolicy('team.x') });
const BROKEN = aConfigMap('team/a', { 'x.rego': `${aPolicy('team.x')}\nbroken := nowhere(1)\n` });

describe('a ConfigMap of candidates', () => {
  const candidate = (name: string, text: string, more: Record<string, string> = {}) =>
    aConfigMap(
      `team/${name}`,
      { 'x.rego': text },
      { annotations: { 'postern.dev/channel': 'candidate', ...more } },
    );

  it('is judged with what it joins, and what is no candidate without it', async () => {
    const build = blaming('bad');
    const there = [candidate('next', 'bad'), aConfigMap('team/b', { 'y.rego': 'good' })];
    expect(await verdictOn(candidate('next', 'bad'), { build })).toMatchObject({ kind: 'deny' });
    expect(await verdictOn(candidate('other', 'good'), { build, there })).toMatchObject({ kind: 'deny' });
    expect(await verdictOn(aConfigMap('team/b', { 'y.rego': 'good' }), { build, there })).toMatchObject({
      kind: 'allow',
      warnings: [],
    });
  });

  it('is judged without the one whose place it takes', async () => {
    const there = [aConfigMap('team/a', { 'x.rego': 'bad' })];
    const next = candidate('next', 'good', { 'postern.dev/replaces': 'a' });
    expect(await verdictOn(next, { build: blaming('bad'), there })).toMatchObject({ kind: 'allow' });
  });
});

describe('a ConfigMap of policies', () => {
  it('is refused at apply by key, row and column when its namespace would not compile', async () => {
    expect(await verdictOn(GOOD)).toEqual({ kind: 'allow', warnings: [] });
    expect(await verdictOn(BROKEN)).toEqual({
      kind: 'deny',
      status: 422,
      message: expect.stringMatching(/^x\.rego:5:11: .*nowhere/),
    });
  });

  it('is compiled with what is there, in its own place, and below the platform', async () => {
    const there = [aConfigMap('team/lib', { 'lib.rego': 'package team.lib\n\nf(x) := x\n' }), BROKEN];
    const user = aPolicy('team.x', 'deny contains "No." if data.team.lib.f(input.stream)');
    const changed = aConfigMap('team/a', { 'x.rego': user });
    expect(await verdictOn(changed, { there }, { operation: 'UPDATE' })).toMatchObject({ kind: 'allow' });
    const taker = aConfigMap('team/b', { 'y.rego': aPolicy('acme.region') });
    expect(await verdictOn(taker)).toMatchObject({
      kind: 'deny',
      message: expect.stringContaining('y.rego:1:1: The package postern.policies.acme.region is'),
    });
  });

  it('of the platform is compiled as the platform', async () => {
    const open = aConfigMap('postern-system/more', { 'config.yaml': 'max_user_length: 99999' });
    expect(await verdictOn(open)).toMatchObject({ kind: 'allow' });
  });

  it('is let through with a warning where another one is at fault already', async () => {
    const other = aConfigMap('team/b', { 'y.rego': `${aPolicy('team.y')}\nbroken := nowhere(2)\n` });
    const build = blaming('broken');
    const world = { build, there: [other], issues: [{ configMap: 'team/b' } as SetIssue] };
    expect(await verdictOn(GOOD, world)).toEqual({
      kind: 'allow',
      warnings: [expect.stringMatching(/^team\/b: y\.rego:5/)],
    });
    expect(await verdictOn(GOOD, { build, there: [other] })).toMatchObject({ kind: 'deny' });
    expect(await verdictOn(BROKEN, world)).toMatchObject({ kind: 'deny' });
  });

  it('is never let through where something is wrong of which nobody else is to blame', async () => {
    const issues = [{ configMap: 'team/b' } as SetIssue];
    for (const [configMap, code] of [
      ['', 'bundle.too_large'],
      ['team/z', 'config_map.too_much'],
    ] as const) {
      const issue = { configMap, key: '', row: 0, column: 0, code, message: 'm' };
      const build: BuildSet = async () => ({ ok: false, error: { issues: [issue], isPassing: false } });
      expect(await verdictOn(GOOD, { build, issues })).toMatchObject({ kind: 'deny', status: 422 });
    }
  });

  it('is refused when it cannot be compiled in time, or too many of its namespace are, and the same again at once', async () => {
    let asked = 0;
    const slow: BuildSet = (_, signal) =>
      new Promise((resolve) => {
        asked += 1;
        const issue = { configMap: '', key: '', row: 0, column: 0, code: 'c', message: 'stopped' };
        const outcome = { ok: false, error: { issues: [issue], isPassing: true } } as const;
        signal.addEventListener('abort', () => resolve(outcome));
      });
    const review = reviewIn({ build: slow, limitMs: 200 });
    const reviewed = await Promise.all(Array.from({ length: 6 }, () => review(bodyOf(GOOD))));
    const messages = reviewed.map((each) =>
      each.ok && each.value.verdict.kind === 'deny' ? each.value.verdict.message : '',
    );
    expect(messages.filter((message) => /in time[;:]/.test(message))).toHaveLength(1);
    expect(messages.filter((message) => message.includes('a moment ago'))).toHaveLength(3);
    expect(messages.filter((message) => message.includes('too many'))).toHaveLength(2);
    expect(asked).toBe(1);
    expect(await review(bodyOf(GOOD))).toMatchObject({
      value: { verdict: { kind: 'deny', status: 429, message: expect.stringContaining('a moment ago') } },
    });
    expect(asked).toBe(1);
    await review(bodyOf(aConfigMap('team/a', { 'x.rego': aPolicy('team.other') })));
    expect(asked).toBe(2);
  });

  it('may always be deleted, and one without our labels is none of ours', async () => {
    const never: BuildSet = () => Promise.reject(new Error('not to be asked'));
    const world = { build: never };
    expect(await verdictOn(GOOD, world, { operation: 'DELETE', object: null })).toMatchObject({
      kind: 'allow',
    });
    const stranger = aConfigMap('team/a', { 'x.rego': 'not rego' }, { labels: { app: 'shop' } });
    expect(await verdictOn(stranger, world)).toMatchObject({ kind: 'allow' });
  });

  it.each(['postern-bundle', 'postern-bundle-0123', 'postern-policy-status', 'postern-ca'])(
    'that the controller writes (%s) is written by nobody else',
    async (name) => {
      const own = aConfigMap(`team/${name}`, {}, { labels: {} });
      expect(await verdictOn(own, { build: fine })).toMatchObject({ kind: 'deny', status: 403 });
      const told = { userInfo: { username: ACCOUNT } };
      expect(await verdictOn(own, { build: fine }, told)).toMatchObject({ kind: 'allow' });
    },
  );

  it('is the controller’s by a name that the API server makes up, too, and by the label of bundles', async () => {
    const labelled = aConfigMap('team/mine', {}, { labels: { 'postern.dev/bundle': 'x' } });
    expect(await verdictOn(labelled, { build: fine })).toMatchObject({ kind: 'deny', status: 403 });
    const { metadata, ...rest } = aConfigMap('team/postern-bundle-x2k4', {}, { labels: {} });
    const made = { ...rest, metadata: { ...metadata, generateName: 'postern-bundle-' } };
    expect(await verdictOn(made, { build: fine }, { name: '' })).toMatchObject({ kind: 'deny' });
    const { name: _, ...nameless } = made.metadata;
    const unmade = { ...rest, metadata: nameless };
    expect(await verdictOn(made, { build: fine }, { name: '', object: unmade })).toMatchObject({
      kind: 'deny',
    });
  });
});

describe('the tests in a ConfigMap', () => {
  const testOf = (said: string): string =>
    `package postern.policies.team.x_test\n\nimport data.postern.policies.team.x\n\ntest_no if "${said}" in x.deny with input as {"stream": true}\n`;
  const passing = { 'x.rego': aPolicy('team.x'), 'x_test.rego': testOf('No.') };
  const failing = { ...passing, 'x_test.rego': testOf('Yes.') };

  it('are run before it is let in, and told by key, row and column where they fail', async () => {
    expect(await verdictOn(aConfigMap('team/a', passing))).toEqual({ kind: 'allow', warnings: [] });
    expect(await verdictOn(aConfigMap('team/a', failing))).toEqual({
      kind: 'deny',
      status: 422,
      message: expect.stringMatching(/^x_test\.rego:5:\d+: test_no fails: /),
    });
  });

  it('are run of the platform too, and so are cases', async () => {
    expect(await verdictOn(aConfigMap('postern-system/more', failing))).toMatchObject({
      kind: 'deny',
      message: expect.stringMatching(/^x_test\.rego:5:\d+: test_no fails: /),
    });
    const cases = 'cases:\n  - name: a greeting\n    request: hi\n    expect: deny\n';
    const said = await verdictOn(
      aConfigMap('team/a', { 'x.rego': aPolicy('team.x'), 'x_cases.yaml': cases }),
    );
    expect(said).toMatchObject({ kind: 'deny', message: expect.stringMatching(/^x_cases\.yaml:\d+:\d+: /) });
  });

  it('are its own: those of others are not run again, nor any where there are none', async () => {
    const names: string[] = [];
    const test: BuildSet = async ({ own, platform }, signal) => {
      names.push(...[...platform.files, ...own.files].map(({ name }) => name));
      return fine({ own, platform }, signal);
    };
    const there = [aConfigMap('team/b', { 'y_test.rego': 'package y_test', 'y.rego': aPolicy('team.y') })];
    await verdictOn(GOOD, { build: fine, test, there });
    expect(names).toEqual([]);
    await verdictOn(aConfigMap('team/a', passing), { build: fine, test, there });
    expect(names.sort()).toEqual([
      'postern-system/base/region.rego',
      'team/a/x.rego',
      'team/a/x_test.rego',
      'team/b/y.rego',
    ]);
  });

  it('that do not end in time are refused, not forgotten', async () => {
    const issue = { configMap: '', key: '', row: 0, column: 0, code: 'c', message: 'stopped' };
    const test: BuildSet = async () => ({ ok: false, error: { issues: [issue], isPassing: true } });
    expect(await verdictOn(aConfigMap('team/a', passing), { build: fine, test })).toMatchObject({
      kind: 'deny',
      status: 429,
    });
  });
});

describe('a review', () => {
  it('answers by the uid it was asked under', async () => {
    const review = reviewIn({ build: fine });
    expect(await review(bodyOf(GOOD))).toMatchObject({
      value: { answer: { kind: 'AdmissionReview', response: { uid: 'u1', allowed: true } } },
    });
    const denied = await reviewIn({})(bodyOf(aConfigMap('team/a', { README: '' })));
    expect(denied).toMatchObject({
      value: {
        answer: {
          response: {
            allowed: false,
            status: { code: 422, message: expect.stringMatching(/^postern: README: /) },
          },
        },
      },
    });
  });

  it.each([
    null,
    {},
    { request: {} },
    { ...bodyOf(GOOD), apiVersion: 'v1' },
    bodyOf(GOOD, { kind: { kind: 'Pod' } }),
  ])('of something else is refused: %#', async (body) => {
    expect(await reviewIn({ build: fine })(body)).toMatchObject({ ok: false });
  });
});
