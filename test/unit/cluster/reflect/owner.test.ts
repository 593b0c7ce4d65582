import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Owner, type Answered, type Client } from '../../../../src/cluster/reflect/index.ts';

const MADE = { metadata: { name: 'postern-ca', namespace: 'team' } };
const there = (uid: string): Answered<unknown> => ({ ok: true, value: { metadata: { name: 'o', uid } } });
const gone: Answered<unknown> = { ok: false, error: { code: 'not_found', message: '' } };

describe('the owner of what the controller makes', () => {
  let answer: Answered<unknown> = gone;
  const ask = jest.fn<Client['ask']>(() => Promise.resolve(answer));
  const client = { ask } as unknown as Client;
  const uidsOf = async (owner: Owner): Promise<readonly string[]> =>
    (
      (await owner.own(MADE)).metadata as { ownerReferences?: readonly { uid: string }[] }
    ).ownerReferences?.map(({ uid }) => uid) ?? [];

  beforeEach(() => {
    ask.mockClear();
    jest.useFakeTimers();
  });
  afterEach(() => void jest.useRealTimers());

  it('is named in it, and blocks nothing', async () => {
    answer = there('u1');
    const { metadata } = await new Owner(client, 'postern-owner').own(MADE);
    expect(metadata).toEqual({
      ...MADE.metadata,
      ownerReferences: [
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'postern-owner', uid: 'u1' },
      ],
    });
  });

  it('is nobody where none is wanted, or none is there', async () => {
    expect(await uidsOf(new Owner(client, null))).toEqual([]);
    expect(ask).not.toHaveBeenCalled();
    answer = gone;
    expect(await uidsOf(new Owner(client, 'postern-owner'))).toEqual([]);
  });

  it('is asked for once for many things, and again after ten seconds: it may have been made anew', async () => {
    const owner = new Owner(client, 'postern-owner');
    answer = there('u1');
    for (let turn = 0; turn < 5; turn += 1) expect(await uidsOf(owner)).toEqual(['u1']);
    expect(ask).toHaveBeenCalledTimes(1);
    answer = there('u2');
    jest.advanceTimersByTime(10_001);
    expect(await uidsOf(owner)).toEqual(['u2']);
    answer = { ok: false, error: { code: 'unavailable', message: '' } };
    jest.advanceTimersByTime(10_001);
    expect(await uidsOf(owner)).toEqual(['u2']);
    answer = gone;
    expect(await uidsOf(owner)).toEqual([]);
  });
});
