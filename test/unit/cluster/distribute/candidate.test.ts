import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  give,
  judgeCandidate,
  obeysCandidate,
  percentOf,
  readChannel,
  writeCandidateAnnotation,
  type Acknowledgement,
  type CandidateState,
} from '../../../../src/cluster/distribute/index.ts';

const [STABLE, CANDIDATE] = ['a'.repeat(64), 'b'.repeat(64)];
const NOW = new Date('2026-01-01T00:00:00Z');
const CHANNEL = 'postern.dev/policy-channel';
const PERCENT = 'postern.dev/candidate-percent';

type Sides = Readonly<Record<string, number>>;
const word = (pod: string, inForce: string, compared: string | null, sides: Sides = {}): Acknowledgement => ({
  namespace: 'team',
  pod,
  podUid: `uid-${pod}`,
  digest: inForce,
  state: 'ok',
  loadedAt: null,
  version: '1',
  issues: [],
  atMs: 1,
  candidate: compared === null ? null : { digest: compared, state: 'ok', sides },
});
const bookOf = (...words: readonly Acknowledgement[]) => new Map(words.map((each) => [each.podUid, each]));
const state = (more: Partial<CandidateState> = {}): CandidateState => ({
  digest: CANDIDATE,
  isPending: false,
  issues: [],
  choice: readChannel({}),
  hold: null,
  targets: ['one', 'two'].map((pod) => ({ pod, podUid: `uid-${pod}` })),
  ...more,
});
const judge = (sides: Sides, more: Partial<CandidateState> = {}) =>
  judgeCandidate(state(more), bookOf(word('one', STABLE, CANDIDATE, sides)), NOW);

describe('what a Namespace says of candidates', () => {
  it('is to compare them, unless it says otherwise', () => {
    expect(readChannel({})).toMatchObject({ channel: 'shadow', percent: 0, limitPercent: 5, issues: [] });
    expect(readChannel({ [CHANNEL]: 'candidate' })).toMatchObject({ channel: 'candidate', percent: 100 });
    expect(readChannel({ [CHANNEL]: 'candidate', [PERCENT]: '10' })).toMatchObject({ percent: 10 });
    expect(readChannel({ [CHANNEL]: 'shadow', [PERCENT]: '10' })).toMatchObject({ percent: 0 });
  });

  it.each([
    [{ [CHANNEL]: 'beta' }],
    [{ [CHANNEL]: 'candidate', [PERCENT]: '101' }],
    [{ [CHANNEL]: 'candidate', [PERCENT]: '10%' }],
    [{ [CHANNEL]: 'candidate', 'postern.dev/candidate-limit-percent': '-1' }],
  ])('has nobody obey when it is not understood, and that is told: %j', (annotations) => {
    const choice = readChannel(annotations);
    expect([choice.percent, choice.issues.length]).toEqual([0, 1]);
    expect(choice.issues[0]?.message).toMatch(/postern\.dev\//);
  });
});

describe('the pods that obey a candidate', () => {
  it('are about as many as was said, and nobody goes back as they become more', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat({ max: 100 }), fc.nat({ max: 100 }), (uid, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(obeysCandidate(uid, less) && !obeysCandidate(uid, more)).toBe(false);
        expect([obeysCandidate(uid, 0), obeysCandidate(uid, 100)]).toEqual([false, true]);
      }),
    );
    const uids = Array.from({ length: 10_000 }, (_, n) => `uid-${String(n)}`);
    const share = uids.filter((uid) => obeysCandidate(uid, 10)).length;
    expect(Math.abs(share - 1_000)).toBeLessThan(150);
  });

  it('compare what it replaces, and the others compare it', () => {
    const [stable, built] = [STABLE, CANDIDATE].map((digest) => ({ digest, bytes: Buffer.alloc(0) }));
    const offer = (percent: number) => ({
      ...stable!,
      channel: 'newest' as const,
      candidate: { built: built!, percent },
    });
    expect(give(offer(0), 'x')).toMatchObject({ inForce: stable, compared: built });
    expect(give(offer(100), 'x')).toMatchObject({ inForce: built, compared: stable, channel: 'candidate' });
    const early = { ...offer(100), candidate: { built: null, percent: 100 } };
    expect(give(early, 'x')).toBeNull();
    expect(give({ ...early, candidate: { built: null, percent: 0 } }, 'x')).toMatchObject({ compared: null });
    expect(give({ ...early, candidate: null }, 'x')).toMatchObject({ inForce: stable, compared: null });
  });
});

describe('how a candidate stands', () => {
  it('is pending until every pod compares it, or obeys it', () => {
    expect(judge({})).toMatchObject({ state: 'pending', comparing: 1 });
    const both = bookOf(word('one', STABLE, CANDIDATE), word('two', STABLE, CANDIDATE));
    expect(judgeCandidate(state(), both, NOW)).toMatchObject({ state: 'compared', comparing: 2, obeying: 0 });
    const choice = readChannel({ [CHANNEL]: 'candidate' });
    expect(judgeCandidate(state({ choice }), both, NOW).state).toBe('pending');
    const all = bookOf(word('one', CANDIDATE, STABLE), word('two', CANDIDATE, null));
    expect(judgeCandidate(state({ choice }), all, NOW)).toMatchObject({ state: 'obeyed', obeying: 2 });
  });

  it('adds up what pods counted, turned round where they obey it', () => {
    const book = bookOf(
      word('one', STABLE, CANDIDATE, { same: 10, newly_denied: 3, newly_allowed: 1, failed: 2, dropped: 9 }),
      word('two', CANDIDATE, STABLE, { same: 20, newly_denied: 4, newly_allowed: 5, failed: 7 }),
    );
    const { sides } = judgeCandidate(state(), book, NOW);
    expect(sides).toEqual({ compared: 45, newlyDenied: 8, newlyAllowed: 5, failed: 2 });
  });

  it('counts nothing that was counted of another candidate', () => {
    const book = bookOf(word('one', STABLE, 'c'.repeat(64), { newly_denied: 99, same: 1 }));
    expect(judgeCandidate(state(), book, NOW)).toMatchObject({ sides: { compared: 0 }, hold: null });
  });

  it('is held back by too much that changes, or fails, once enough was seen', () => {
    expect(judge({ same: 40, newly_denied: 9 }).hold).toBeNull();
    expect(judge({ same: 95, newly_denied: 3, newly_allowed: 2 }).hold).toBeNull();
    expect(judge({ same: 94, newly_denied: 4, newly_allowed: 2 })).toMatchObject({
      state: 'held',
      percent: 0,
      hold: {
        digest: CANDIDATE,
        at: '2026-01-01T00:00:00.000Z',
        why: 'it changes 6 of 100 sides: 4 newly denied, 2 newly allowed',
      },
    });
    expect(judge({ same: 98, failed: 2 }).hold?.why).toBe('it failed on 2 of 100 sides');
  });

  it('stays held, whatever is counted later, until it is edited or approved', () => {
    const hold = { digest: CANDIDATE, why: 'so', at: NOW.toISOString() };
    expect(judge({ same: 1000 }, { hold })).toMatchObject({ state: 'held', hold });
    expect(judge({ same: 1000 }, { hold: { ...hold, digest: STABLE } }).hold).toBeNull();
    const wanting = { [CHANNEL]: 'candidate', [PERCENT]: '30' };
    const held = { digest: CANDIDATE, hold, choice: readChannel(wanting) };
    expect(percentOf(held)).toBe(0);
    const approved = readChannel({ ...wanting, 'postern.dev/candidate-approved': CANDIDATE.slice(0, 12) });
    expect(percentOf({ ...held, choice: approved })).toBe(30);
    const stale = readChannel({ ...wanting, 'postern.dev/candidate-approved': STABLE.slice(0, 12) });
    expect(percentOf({ ...held, choice: stale })).toBe(0);
  });

  it('is told in the annotation of its ConfigMap, without what changes all the time', () => {
    const candidate = judge({ same: 94, newly_denied: 6 });
    const text = writeCandidateAnnotation('team/next', [{ candidate, byPod: [] }])[
      'postern.dev/policy-status'
    ];
    expect(JSON.parse(text)).toEqual({
      state: 'held',
      channel: 'candidate',
      digest: CANDIDATE,
      obeying: 0,
      comparing: 1,
      pods: 0,
      held: 'it changes 6 of 100 sides: 6 newly denied, 0 newly allowed',
    });
  });
});
