import { describe, expect, it } from '@jest/globals';
import type { ToldStatus } from '../../../../src/cluster/distribute/index.ts';
import { judgeWait } from '../../../../src/cli/standing/judge-wait.ts';

const DIGEST = `1f0c9a5d27be${'0'.repeat(52)}`;
const told = (more: Partial<ToldStatus> = {}): ToldStatus => ({
  state: 'ok',
  digest: DIGEST,
  acknowledged: 2,
  pods: 2,
  channel: 'newest',
  pin: null,
  sources: { platform: 'p', own: 'o' },
  maker: '',
  candidate: null,
  issues: [],
  byPod: [],
  ...more,
});
const NEWEST = { sources: { platform: 'p', own: 'o' }, pin: undefined, digest: null };
const kindOf = (...words: Parameters<typeof judgeWait>) => judgeWait(...words).kind;

describe('waiting for the policies of a namespace', () => {
  it('is over when every pod has acknowledged the policies that are there', () => {
    expect(judgeWait(told(), NEWEST)).toEqual({ kind: 'done', digest: DIGEST, pods: 2, channel: 'newest' });
  });

  it('goes on while the controller speaks of policies that were there before, whatever it says of them', () => {
    for (const state of ['ok', 'error', 'degraded', 'pending'] as const) {
      expect(kindOf(told({ state }), { ...NEWEST, sources: { platform: 'p', own: 'edited' } })).toBe(
        'waiting',
      );
      expect(kindOf(told({ state }), { ...NEWEST, sources: { platform: 'edited', own: 'o' } })).toBe(
        'waiting',
      );
      expect(kindOf(told({ state, sources: null }), NEWEST)).toBe('waiting');
    }
    expect(kindOf(null, NEWEST)).toBe('waiting');
  });

  it('takes the controller’s word for the platform’s, where they cannot be read', () => {
    expect(kindOf(told(), { ...NEWEST, sources: { platform: null, own: 'o' } })).toBe('done');
  });

  it('goes on while the controller speaks of another pin, where it can be read', () => {
    expect(kindOf(told(), { ...NEWEST, pin: '1f0c9a5d27be' })).toBe('waiting');
    expect(kindOf(told({ state: 'error', pin: 'gone' }), { ...NEWEST, pin: null })).toBe('waiting');
    expect(kindOf(told({ pin: 'gone' }), { ...NEWEST, pin: 'gone' })).toBe('done');
  });

  it('goes on while pods are missing, and says how many', () => {
    expect(judgeWait(told({ state: 'pending', acknowledged: 1 }), NEWEST)).toEqual({
      kind: 'waiting',
      why: '1 of 2 pods have 1f0c9a5d27be',
    });
  });

  it('is for a certain bundle, when one is named', () => {
    expect(kindOf(told(), { ...NEWEST, digest: '1f0c9a' })).toBe('done');
    expect(judgeWait(told(), { ...NEWEST, digest: 'abcdef' })).toMatchObject({
      kind: 'waiting',
      why: '1f0c9a5d27be is distributed, not abcdef',
    });
  });

  it('ends with what is wrong, by ConfigMap, key, row and column', () => {
    const issue = { configMap: 'shop/own', key: 'a.rego', row: 3, column: 7, code: 'x', message: 'No.' };
    expect(judgeWait(told({ state: 'error', issues: [issue] }), NEWEST)).toEqual({
      kind: 'error',
      why: 'shop/own: a.rego:3:7: No.',
    });
    const pod = { pod: 'bot', uid: 'u', state: 'degraded', digest: null, at: null } as const;
    const issues = [{ file: 'policy.wasm', row: 0, column: 0, message: 'too large' }];
    expect(judgeWait(told({ state: 'degraded', byPod: [{ ...pod, issues }] }), NEWEST)).toEqual({
      kind: 'degraded',
      why: 'pod bot: policy.wasm:0:0: too large',
    });
    expect(judgeWait(told({ state: 'degraded', byPod: [{ ...pod, issues: [] }] }), NEWEST)).toMatchObject({
      why: 'pod bot could not load it',
    });
  });
});
