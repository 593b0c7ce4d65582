import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  joinBooks,
  judgeStanding,
  keepLive,
  noteAcknowledgement,
  readStatus,
  rememberBook,
  writeAnnotation,
  writeStatus,
  type Acknowledgement,
  type Book,
  type SetIssue,
  type TargetPod,
} from '../../src/cluster/distribute/index.ts';

const DIGESTS = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const PODS = ['p0', 'p1', 'p2', 'p3'];
const targetOf = (pod: string): TargetPod => ({ pod, podUid: `uid-${pod}` });

const acknowledgement: fc.Arbitrary<Acknowledgement> = fc
  .record({
    pod: fc.constantFrom(...PODS),
    digest: fc.constantFrom(...DIGESTS),
    state: fc.constantFrom('ok' as const, 'ok' as const, 'degraded' as const),
    atMs: fc.integer({ min: 0, max: 5 }),
    version: fc.constantFrom('1', '2'),
  })
  .map((told) => ({
    ...told,
    podUid: `uid-${told.pod}`,
    namespace: 'team',
    loadedAt: null,
    candidate: null,
    issues: [],
  }));
const acknowledgements = fc.array(acknowledgement, { maxLength: 20 });
const targets = fc.subarray(PODS).map((pods) => pods.map(targetOf));
const issue: fc.Arbitrary<SetIssue> = fc.record({
  configMap: fc.constantFrom('team/a', 'team/b', ''),
  key: fc.string(),
  row: fc.nat(),
  column: fc.nat(),
  code: fc.string(),
  message: fc.string({ maxLength: 3000, unit: 'binary' }),
});

const read = (heard: readonly Acknowledgement[]): Book => heard.reduce<Book>(noteAcknowledgement, new Map());
const EMPTY: Book = new Map();

describe('how a namespace stands', () => {
  it('is the same in whatever order pods are heard, how often, and by which replica', () => {
    fc.assert(
      fc.property(acknowledgements, fc.nat(), fc.infiniteStream(fc.nat()), (heard, cut, order) => {
        const shuffled = [...heard, ...heard.slice(0, cut)]
          .map((each) => ({ each, rank: order.next().value as number }))
          .sort((one, other) => one.rank - other.rank)
          .map(({ each }) => each);
        expect(sorted(read(shuffled))).toEqual(sorted(read(heard)));
        const parts = [read(shuffled.slice(0, cut)), read(shuffled.slice(cut)), EMPTY];
        expect(sorted(joinBooks(parts))).toEqual(sorted(read(heard)));
      }),
    );
  });

  it('is ok when, and only when, the newest word of every target is that it has the digest', () => {
    fc.assert(
      fc.property(acknowledgements, targets, fc.constantFrom(...DIGESTS), (heard, pods, digest) => {
        const book = read(heard);
        const standing = judgeStanding({ digest, isPending: false, issues: [], targets: pods }, book);
        const isHeld = ({ podUid }: TargetPod) => {
          const word = book.get(podUid);
          return word?.digest === digest && word.state === 'ok';
        };
        expect(standing.state === 'ok').toBe(pods.every(isHeld));
        expect(standing.acknowledged).toBe(pods.filter(isHeld).length);
        expect(standing.byPod.map(({ pod }) => pod)).toEqual(pods.map(({ pod }) => pod));
      }),
    );
  });

  it('does not hang on pods that are gone', () => {
    fc.assert(
      fc.property(acknowledgements, targets, (heard, pods) => {
        const desired = { digest: DIGESTS[0]!, isPending: false, issues: [], targets: pods };
        const live = keepLive(read(heard), new Set(pods.map(({ podUid }) => podUid)));
        expect(live.size).toBeLessThanOrEqual(pods.length);
        expect(judgeStanding(desired, live)).toEqual(judgeStanding(desired, read(heard)));
      }),
    );
  });

  it('is never ok while the newest set is not what is distributed', () => {
    fc.assert(
      fc.property(acknowledgements, targets, fc.array(issue), (heard, pods, issues) => {
        const desired = { digest: DIGESTS[0]!, isPending: issues.length === 0, issues, targets: pods };
        expect(judgeStanding(desired, read(heard)).state).not.toBe('ok');
      }),
    );
  });

  it('is told in less than 2 KiB, whatever is wrong', () => {
    fc.assert(
      fc.property(fc.array(issue, { maxLength: 30 }), (issues) => {
        const standing = judgeStanding({ digest: null, isPending: false, issues, targets: [] }, EMPTY);
        const text = writeAnnotation('team/a', [standing])['postern.dev/policy-status'];
        expect(Buffer.byteLength(text)).toBeLessThan(2048);
        expect(JSON.parse(text)).toMatchObject({ acknowledged: 0, pods: 0 });
      }),
    );
  });

  it('is the same to who takes over and has read but what was told', () => {
    fc.assert(
      fc.property(acknowledgements, targets, fc.constantFrom(...DIGESTS), (heard, pods, digest) => {
        const desired = { digest, isPending: false, issues: [], targets: pods };
        const before = judgeStanding(desired, read(heard));
        const origin = { channel: 'newest', pin: null, sources: null, maker: 'm', candidate: null } as const;
        const told = readStatus(writeStatus('team', before, origin));
        const remembered = rememberBook('team', told!);
        expect(judgeStanding(desired, remembered)).toEqual(before);
        const later = heard.slice(0, 1).map((word) => ({ ...word, atMs: 9 }));
        const after = joinBooks([remembered, read(later)]);
        expect(later.map(({ podUid }) => after.get(podUid))).toEqual(later);
      }),
    );
  });

  it('is told pod by pod in less than a ConfigMap takes, whatever pods say', () => {
    const told = { file: '“'.repeat(1024), row: 1, column: 1, message: '“'.repeat(4096) };
    const pods = Array.from({ length: 1000 }, (_, n) => targetOf(`${'p'.repeat(240)}${n}`));
    const word = {
      namespace: 'team',
      digest: DIGESTS[0]!,
      state: 'degraded',
      loadedAt: null,
      candidate: null,
    } as const;
    const book = new Map(
      pods.map((pod) => [
        pod.podUid,
        { ...word, ...pod, version: '1', atMs: 1, issues: Array.from({ length: 100 }, () => told) },
      ]),
    );
    const desired = { digest: DIGESTS[0]!, isPending: false, issues: [], targets: pods };
    const { data = {} } = writeStatus('team', judgeStanding(desired, book), {
      channel: 'newest',
      pin: null,
      sources: null,
      maker: 'm',
      candidate: null,
    });
    expect(Buffer.byteLength(data['status.json'] ?? '')).toBeLessThan(1024 * 1024);
  });
});

const sorted = (book: Book) => [...book].sort(([one], [other]) => one.localeCompare(other));
