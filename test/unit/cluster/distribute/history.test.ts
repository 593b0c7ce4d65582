import { describe, expect, it } from '@jest/globals';
import { READS_EVERYTHING } from '../../../../src/gate/decide/index.ts';
import {
  choose,
  findLacking,
  findMade,
  keepBundle,
  lastDistributed,
  listHistory,
  pinIssue,
  planHistory,
  type Built,
  readFloor,
  shed,
  type ConfigMap,
  type ToldStatus,
  type KeptBundle,
} from '../../../../src/cluster/distribute/index.ts';
import { readBundle, writeBundle } from '../../../../src/policy/bundle.ts';
import { NO_MODES } from '../../../../src/policy/modes.ts';

/** Bundles that nobody could load, but with digests of their own. */
function aBuilt(n: number): Built {
  const policy = {
    id: 'test.policy',
    title: '',
    description: '',
    severity: 'low',
    phases: ['request'],
    defaultMode: 'enforce',
    level: 'platform',
  } as const;
  const bytes = writeBundle({
    wasm: Buffer.from([n]),
    data: {},
    revision: '',
    compiler: '',
    reads: READS_EVERYTHING,
    policies: [policy],
    modes: NO_MODES,
  });
  const bundle = bytes.ok ? readBundle(bytes.value) : bytes;
  if (!bytes.ok || !bundle.ok) throw new Error('not a bundle');
  return { digest: bundle.value.digest, bytes: bytes.value };
}

const short = ({ digest }: Built) => digest.slice(0, 12);
const names = (configMaps: ReadonlyArray<KeptBundle>) => configMaps.map((each) => each.metadata.name);

/** A namespace as the controller leaves it after it has distributed these, one after the other. */
function live(...history: ReadonlyArray<Built>): KeptBundle[] {
  let kept: KeptBundle[] = [];
  for (const [at, built] of history.entries()) kept = follow(kept, built, at);
  return kept;
}

function follow(
  kept: readonly KeptBundle[],
  built: Built,
  at: number,
  pin: string | null = null,
): KeptBundle[] {
  const { seed, entry, remove } = planHistory({ namespace: 'team', built, kept, pin });
  const stamp = (configMap: ConfigMap): KeptBundle =>
    keepBundle({
      ...configMap,
      metadata: { ...configMap.metadata, creationTimestamp: `2026-01-0${at + 1}T00:00:00Z` },
    });
  const came = [seed, entry].flatMap((each) => (each === null ? [] : [stamp(each)]));
  const isOverwritten = ({ metadata: { name } }: KeptBundle) => names(came).includes(name);
  return [...kept.filter((each) => !remove.includes(each) && !isOverwritten(each)), ...came];
}

const bundles = [0, 1, 2, 3, 4, 5, 6].map(aBuilt);
const [first, second, third] = bundles as [Built, Built, Built];

describe('the history of a namespace', () => {
  it('begins with a seed for pods and an entry that never changes', () => {
    const { seed, entry, remove } = planHistory({ namespace: 'team', built: first, kept: [], pin: null });
    expect(seed).toMatchObject({
      metadata: { namespace: 'team', name: 'postern-bundle', labels: { 'postern.dev/bundle': short(first) } },
      binaryData: { 'bundle.tar.gz': first.bytes.toString('base64') },
    });
    expect(seed).not.toHaveProperty('immutable');
    expect(entry).toMatchObject({
      immutable: true,
      metadata: { name: `postern-bundle-${short(first)}` },
      binaryData: seed?.binaryData,
    });
    expect(remove).toEqual([]);
  });

  it('needs nothing more once it is there', () => {
    const plan = planHistory({ namespace: 'team', built: first, kept: live(first), pin: null });
    expect(plan).toEqual({ seed: null, entry: null, remove: [] });
  });

  it('keeps five bundles, the newest', () => {
    const kept = names(live(...bundles));
    const newest = bundles.slice(2).map((each) => `postern-bundle-${short(each)}`);
    expect(new Set(kept)).toEqual(new Set(['postern-bundle', ...newest]));
  });

  it('does not lose what is distributed again, nor what is pinned, however old', () => {
    const five = live(...bundles.slice(0, 5));
    const again = follow(five, first, 5);
    expect(names(again)).toContain(`postern-bundle-${short(first)}`);
    const pinned = follow(five, bundles[5]!, 5, short(first));
    expect(names(pinned)).toContain(`postern-bundle-${short(first)}`);
    expect(names(pinned)).not.toContain(`postern-bundle-${short(second)}`);
    expect(pinned).toHaveLength(6);
  });

  it('is cleared of entries that do not hold what their name says', () => {
    const [, entry] = live(first) as [KeptBundle, KeptBundle];
    const forged = { ...entry, digest: second.digest, built: second };
    expect(planHistory({ namespace: 'team', built: null, kept: [forged], pin: null })).toEqual({
      seed: null,
      entry: null,
      remove: [forged],
    });
    expect(planHistory({ namespace: 'team', built: first, kept: [forged], pin: null })).toMatchObject({
      entry: { binaryData: { 'bundle.tar.gz': first.bytes.toString('base64') } },
      remove: [forged],
    });
  });

  it('mends a seed that somebody changed', () => {
    const [seed, entry] = live(first) as [KeptBundle, KeptBundle];
    const changed = keepBundle({ ...seed, binaryData: { 'bundle.tar.gz': 'AAAA' } });
    expect(
      planHistory({ namespace: 'team', built: first, kept: [changed, entry], pin: null }).seed,
    ).toMatchObject({
      binaryData: { 'bundle.tar.gz': first.bytes.toString('base64') },
    });
    expect(lastDistributed([changed])).toBeNull();
    expect(lastDistributed([seed])).toEqual(first);
  });
});

describe('what is held of a bundle', () => {
  const told = (name: string, text: string, more: object = {}): ConfigMap => ({
    metadata: { namespace: 'team', name, uid: 'u', resourceVersion: '7', annotations: { large: text } },
    binaryData: { 'bundle.tar.gz': text },
    ...more,
  });
  const text = first.bytes.toString('base64');

  it('is its bytes, decoded once, however many namespaces have it', () => {
    const [one, other] = [keepBundle(told('postern-bundle', text)), keepBundle(told('postern-bundle', text))];
    expect(one.built).toEqual(first);
    expect(other.built).toBe(one.built);
  });

  it('is nothing but a name where somebody else has labelled it, or it is none', () => {
    const metadata = { namespace: 'team', uid: 'u', resourceVersion: '7', creationTimestamp: '' };
    expect(keepBundle(told('postern-bundles', text, { data: { more: 'x' } }))).toEqual({
      metadata: { ...metadata, name: 'postern-bundles' },
      digest: null,
      size: 0,
      built: null,
    });
    for (const bad of ['', 'AAAA', '%%%', Buffer.alloc(1025 * 1024).toString('base64')])
      expect(keepBundle(told('postern-bundle', bad)).built).toBeNull();
    expect(keepBundle({ metadata: { name: 'postern-bundle-0' } }).built).toBeNull();
  });
});

describe('a pin', () => {
  const kept = live(first, second);
  const given = (pin: string | null, built: Built | null = second) => ({
    namespace: 'team',
    built,
    kept,
    pin,
  });

  it('is absent as a rule: the newest bundle is distributed', () => {
    expect(choose(given(null), first)).toEqual({ kind: 'newest', built: second });
  });

  it('brings back what the history holds, whatever was built since', () => {
    expect(choose(given(short(first)), second)).toEqual({ kind: 'pinned', built: first });
    expect(choose(given(short(first), third), second)).toEqual({ kind: 'pinned', built: first });
    expect(choose(given(short(third), third), second)).toEqual({ kind: 'pinned', built: third });
  });

  it('brings back what is not at hand once it was fetched; until then what was distributed stays', () => {
    const light = kept.map(shed);
    expect(light.map(({ built }) => built?.digest ?? null)).toEqual([null, second.digest, null]);
    const state = { ...given(short(first), third), kept: light };
    expect(choose(state, second)).toEqual({ kind: 'newest', built: second });
    expect(findLacking(light, short(first))?.digest).toBe(first.digest);
    expect(findLacking(light, short(second))).toBeNull();
    expect(findLacking(light, 'latest')).toBeNull();
    const fetched = light.map((each) => (each.digest === first.digest ? { ...each, built: first } : each));
    expect(choose({ ...state, kept: fetched }, second)).toEqual({ kind: 'pinned', built: first });
    expect(planHistory({ ...state, built: second })).toMatchObject({ seed: null, entry: null, remove: [] });
  });

  it.each([short(third), 'latest', '', `${short(first)}0`])(
    'that names nothing which is kept (%s) leaves what was distributed',
    (pin) => {
      expect(choose(given(pin), first)).toEqual({ kind: 'missing', built: first });
      expect(choose(given(pin), null)).toEqual({ kind: 'missing', built: second });
    },
  );
});

describe('a pin that names nothing that is kept', () => {
  it('is told with what is kept, the newest first', () => {
    const kept = live(aBuilt(1), aBuilt(2));
    const digits = [short(aBuilt(2)), short(aBuilt(1))];
    expect(listHistory(kept).map((entry) => entry.digits)).toEqual(digits);
    expect(pinIssue({ pin: 'abc', kept }).message).toBe(
      `The Namespace is pinned to abc (postern.dev/pin), which is not kept; kept are ${digits.join(', ')}.`,
    );
    expect(pinIssue({ pin: 'x'.repeat(5000), kept: [] }).message).toMatch(/x{64}… .*; nothing is kept\.$/);
  });
});

describe('a bundle that was made already', () => {
  const set = { platform: readFloor([]), own: readFloor([]) };
  const told = (built: Built, more: Partial<ToldStatus> = {}): ToldStatus => ({
    state: 'ok',
    digest: built.digest,
    acknowledged: 0,
    pods: 0,
    channel: 'newest',
    pin: null,
    sources: { platform: set.platform.hash, own: set.own.hash },
    maker: 'this',
    candidate: null,
    issues: [],
    byPod: [],
    ...more,
  });
  const [one, two] = [aBuilt(1), aBuilt(2)];
  const find = (more: Partial<ToldStatus> = {}, kept = live(one, two)) =>
    findMade(kept, told(two, more), { set, maker: 'this' })?.digest ?? null;

  it('of the very same policies, by the same version, is not made again', () => {
    expect(find()).toBe(two.digest);
  });

  it.each<[string, Partial<ToldStatus>]>([
    ['of other policies', { sources: { platform: set.platform.hash, own: 'other' } }],
    ['of policies that nobody tells', { sources: null }],
    ['by another version', { maker: 'that' }],
    ['that is held by a pin', { channel: 'pinned' }],
    ['that was the last good one', { issues: [pinIssue({ pin: 'x', kept: [] })] }],
    ['that is not kept', { digest: 'f'.repeat(64) }],
    ['that is none', { digest: null }],
  ])('%s is', (_what, more) => {
    expect(find(more)).toBeNull();
  });

  it('whose ConfigMap holds something else is', () => {
    const forged = live(one, two).map((each) => ({ ...each, digest: one.digest, built: one }));
    expect(find({}, forged)).toBeNull();
  });
});
