import { describe, expect, it } from '@jest/globals';
import { Identities, type Identity, type Look } from '../../../../src/cluster/distribute/identities.ts';
import { readClaims } from '../../../../src/cluster/distribute/read-claims.ts';

const POD: Identity = { kind: 'pod', namespace: 'n', pod: 'p', podUid: 'u' };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (payload: unknown): string => `${encode({ alg: 'RS256' })}.${encode(payload)}.c2ln`;
const GOOD = { aud: ['postern'], 'kubernetes.io': { namespace: 'n', pod: { name: 'p', uid: 'u' } } };

describe('what a token says of itself', () => {
  it('is whose it is', () => {
    const claims = { namespace: 'n', pod: 'p', podUid: 'u' };
    expect(readClaims(tokenOf(GOOD), 'postern')).toEqual(claims);
    expect(readClaims(tokenOf({ ...GOOD, aud: 'postern', exp: 1 }), 'postern')).toEqual(claims);
  });

  it.each([
    ['nothing', ''],
    ['junk', 'x'.repeat(4000)],
    ['too few parts', tokenOf(GOOD).replace(/\.[^.]*$/, '')],
    ['too many parts', `${tokenOf(GOOD)}.x`],
    ['empty parts', '..'],
    ['no JSON', 'YQ.YQ.YQ'],
    ['no object', tokenOf(null)],
    ['another audience', tokenOf({ ...GOOD, aud: ['https://kubernetes.default.svc'] })],
    ['no audience', tokenOf({ 'kubernetes.io': GOOD['kubernetes.io'] })],
    ['no pod', tokenOf({ aud: 'postern', 'kubernetes.io': { namespace: 'n' } })],
    ['more than there is room for', tokenOf({ ...GOOD, more: 'x'.repeat(8192) })],
  ])('is nothing to us where it is %s', (_name, token) => {
    expect(readClaims(token, 'postern')).toBeNull();
  });
});

describe('identities', () => {
  const clock = { ms: 0 };
  const open = (
    look?: Look,
  ): { identities: Identities; asked: string[]; answer: (who: Identity) => void } => {
    const asked: string[] = [];
    const waiting: Array<(who: Identity) => void> = [];
    const authenticate = (token: string): Promise<Identity> => {
      asked.push(token);
      return token.startsWith('wait')
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(token === 'pod' ? POD : { kind: 'refused', status: token === 'early' ? 403 : 401 });
    };
    const identities = new Identities({ authenticate, now: () => clock.ms, ...(look && { look }) });
    return { identities, asked, answer: (who) => waiting.splice(0).forEach((resolve) => resolve(who)) };
  };

  it('ask nobody about what cannot be a pod’s', async () => {
    const { identities, asked } = open(() => ({ kind: 'refused', status: 401 }));
    expect(await identities.of('pod')).toEqual({ kind: 'refused', status: 401 });
    expect(asked).toEqual([]);
  });

  it('ask again within seconds about a pod that was not there yet', async () => {
    const { identities, asked } = open();
    await identities.of('early');
    await identities.of('early');
    expect(asked).toHaveLength(1);
    clock.ms += 3_001;
    await identities.of('early');
    expect(asked).toHaveLength(2);
  });

  it('do not forget a pod, however many tokens are refused', async () => {
    const { identities, asked } = open();
    await identities.of('pod');
    for (let at = 0; at < 12_000; at += 1) await identities.of(`junk-${String(at)}`);
    expect(await identities.of('pod')).toEqual(POD);
    expect(asked.filter((token) => token === 'pod')).toHaveLength(1);
  });

  it('ask about two tokens of one at a time, so that others are asked about too', async () => {
    const { identities, asked, answer } = open((token) => ({ kind: 'ask', by: token.slice(0, 6) }));
    const many = Array.from({ length: 100 }, (_, at) => identities.of(`wait-a${String(at)}`));
    const other = identities.of('wait-b');
    expect(asked).toEqual(['wait-a0', 'wait-a1', 'wait-b']);
    answer(POD);
    expect(await other).toEqual(POD);
    expect((await Promise.all(many)).filter((each) => each === null)).toHaveLength(98);
    const later = identities.of('wait-a100');
    answer(POD);
    expect(await later).toEqual(POD);
  });
});
