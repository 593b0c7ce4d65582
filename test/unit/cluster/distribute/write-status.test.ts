import { describe, expect, it } from '@jest/globals';
import {
  judgeStanding,
  readStatus,
  writeAnnotation,
  writeStatus,
  type Acknowledgement,
  type SetIssue,
  type Standing,
} from '../../../../src/cluster/distribute/index.ts';

const DIGEST = 'a'.repeat(64);
const issueIn = (configMap: string): SetIssue => ({
  configMap,
  key: 'x.rego',
  row: 3,
  column: 7,
  code: 'rego_type_error',
  message: 'undefined function f',
});
const ack = (pod: string): Acknowledgement => ({
  namespace: 'team',
  pod,
  podUid: `uid-${pod}`,
  digest: DIGEST,
  state: 'ok',
  loadedAt: '2023-11-14T22:13:20.000Z',
  version: '1',
  candidate: null,
  issues: [],
  atMs: 1_700_000_000_000,
});

function stand(issues: readonly SetIssue[], ...heard: readonly string[]): Standing {
  const targets = ['one', 'two'].map((pod) => ({ pod, podUid: `uid-${pod}` }));
  const book = new Map(heard.map((pod) => [`uid-${pod}`, ack(pod)]));
  return judgeStanding({ digest: DIGEST, isPending: false, issues, targets }, book);
}

const annotate = (configMap: string, ...standings: readonly Standing[]) =>
  JSON.parse(writeAnnotation(configMap, standings)['postern.dev/policy-status']) as unknown;

describe('the annotation postern.dev/policy-status', () => {
  it('says which digest its pods are to have, and how many have it', () => {
    expect(annotate('team/a', stand([], 'one'))).toEqual({
      state: 'pending',
      digest: DIGEST,
      acknowledged: 1,
      pods: 2,
    });
    expect(annotate('team/a', stand([], 'one', 'two'))).toMatchObject({ state: 'ok', acknowledged: 2 });
  });

  it('says what is wrong with its own ConfigMap, and of others only which is to blame', () => {
    const standing = stand([issueIn('team/a'), issueIn('postern-system/base')]);
    expect(annotate('team/a', standing)).toMatchObject({
      state: 'error',
      issues: [
        { key: 'x.rego', row: 3, column: 7, message: 'undefined function f' },
        { configMap: 'postern-system/base', message: 'Another ConfigMap of this set is at fault.' },
      ],
    });
  });

  it('of a platform’s ConfigMap adds up the namespaces that it binds', () => {
    const other = { ...stand([], 'one', 'two'), digest: 'b'.repeat(64) };
    const told = annotate('postern-system/base', stand([], 'one'), other);
    expect(told).toEqual({ state: 'pending', acknowledged: 3, pods: 4 });
  });

  it('is the same text while nothing changes', () => {
    const standing = stand([issueIn('team/a')], 'one');
    expect(writeAnnotation('team/a', [standing])).toEqual(writeAnnotation('team/a', [standing]));
  });
});

describe('the ConfigMap postern-policy-status', () => {
  it('tells how each pod stands, the worst first', () => {
    const sources = { platform: 'a1', own: 'b2' };
    const written = writeStatus('team', stand([], 'one'), {
      channel: 'newest',
      pin: null,
      sources,
      maker: 'm',
      candidate: null,
    });
    const { metadata, data } = written;
    expect(metadata).toMatchObject({ namespace: 'team', name: 'postern-policy-status' });
    expect(JSON.parse(data?.['status.json'] ?? '')).toEqual({
      state: 'pending',
      digest: DIGEST,
      acknowledged: 1,
      pods: 2,
      channel: 'newest',
      pin: null,
      sources,
      maker: 'm',
      candidate: null,
      issues: [],
      byPod: [
        { pod: 'two', uid: 'uid-two', state: 'pending', digest: null, at: null },
        { pod: 'one', uid: 'uid-one', state: 'ok', digest: DIGEST, at: '2023-11-14T22:13:20.000Z' },
      ],
    });
    expect(readStatus(written)).toMatchObject({ state: 'pending', sources, byPod: [{ issues: [] }, {}] });
  });

  it('is read also where an older controller wrote it, and not at all where it says something else', () => {
    const older = { state: 'ok', digest: DIGEST, acknowledged: 0, pods: 0, issues: [], byPod: [] };
    const read = (text: string) => readStatus({ metadata: { name: 'x' }, data: { 'status.json': text } });
    expect(read(JSON.stringify(older))).toMatchObject({ channel: 'newest', sources: null });
    expect(read(JSON.stringify({ ...older, state: 'fine' }))).toBeNull();
    expect(read('{')).toBeNull();
    expect(readStatus({ metadata: { name: 'x' } })).toBeNull();
  });
});
