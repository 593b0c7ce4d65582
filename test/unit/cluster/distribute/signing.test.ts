import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createSigning,
  keepBundle,
  Offers,
  planHistory,
  readSigning,
  type Built,
} from '../../../../src/cluster/distribute/index.ts';
import {
  createTrust,
  deriveKey,
  generateKeys,
  nameKey,
  readBundle,
  signBundle,
} from '../../../../src/policy/index.ts';
import { admitBundle } from '../../../../src/policy/trust.ts';
import { aBundle } from '../../../support/bundles.ts';

const [one, other] = [generateKeys(), generateKeys()];
const keyOf = ({ privateKey }: typeof one) => createPrivateKey(privateKey);
const built = (word: string): Built => {
  const bytes = aBundle({ wasm: Buffer.from('module'), data: { says: [word] } });
  const bundle = readBundle(bytes);
  if (!bundle.ok) throw new Error(bundle.error.message);
  return { digest: bundle.value.digest, bytes };
};
const [first, second] = [built('first'), built('second')];

/** As a replica would whose clock is a minute ahead. */
function signAhead({ bytes, digest }: Built): Built {
  const key = deriveKey(keyOf(one), 'team');
  const signed = signBundle(bytes, { key, keyId: nameKey(key), serial: Date.now() + 60_000 });
  if (!signed.ok) throw new Error(signed.error.message);
  return { digest, bytes: signed.value.bytes };
}

/** A sidecar of the namespace, as the injector sets it up. */
const sidecarOf = (signing: ReturnType<typeof createSigning>, namespace: string) => {
  const keys = new Map(Object.entries(signing.publicKeysOf(namespace)));
  const trust = createTrust({ keys, leastSerial: 0, stateFile: null });
  return async ({ bytes }: Built): Promise<string> => {
    const admitted = await admitBundle(bytes, trust);
    if (!admitted.ok) return admitted.error.code;
    return (await trust.mark?.raise(admitted.value)) === null ? 'taken' : 'not kept';
  };
};

describe('bundles that are signed by the controller', () => {
  const signing = createSigning([keyOf(one)]);

  it('are what they were, and taken by sidecars of their namespace alone', async () => {
    const signed = signing.sign('team', first);
    expect(signed.digest).toBe(first.digest);
    expect(await sidecarOf(signing, 'team')(signed)).toBe('taken');
    expect(await sidecarOf(signing, 'shop')(signed)).toBe('signature.unknown_key');
    expect(await sidecarOf(signing, 'team')(first)).toBe('signature.missing');
    expect(await sidecarOf(createSigning([keyOf(other)]), 'team')(signed)).toBe('signature.unknown_key');
  });

  it('may be older ones that are signed anew, at once or by a replica whose clock is behind', async () => {
    const take = sidecarOf(signing, 'team');
    for (const each of [first, second, first, second])
      expect(await take(signing.sign('team', each))).toBe('taken');
    const seen = signAhead(second);
    expect(await take(seen)).toBe('taken');
    expect(await take(signing.sign('team', first))).toBe('signature.rollback');
    expect(signing.isSigned('team', seen.bytes)).toBe(true);
    expect(await take(signing.sign('team', first))).toBe('taken');
  });

  it('are held only where they are ours, and written signed', () => {
    const seal = (each: Built) => signing.sign('team', each);
    const { seed } = planHistory({ namespace: 'team', built: first, kept: [], pin: null, seal });
    if (seed === null) throw new Error('It is to be written.');
    expect(keepBundle(seed, signing).built?.digest).toBe(first.digest);
    const unsigned = { ...seed, binaryData: { 'bundle.tar.gz': first.bytes.toString('base64') } };
    expect(keepBundle(unsigned, signing).built).toBeNull();
    const moved = { ...seed, metadata: { ...seed.metadata, namespace: 'shop' } };
    expect(keepBundle(moved, signing).built).toBeNull();
  });

  it('are signed once for all sidecars that wait, and anew whenever what is given changes', async () => {
    let count = 0;
    const offers = new Offers((namespace, each) => {
      count += 1;
      return signing.sign(namespace, each);
    });
    const candidate = (percent: number) => ({ built: second, percent });
    offers.put('team', { ...first, channel: 'newest', candidate: candidate(0) });
    offers.put('team', { ...first, channel: 'newest', candidate: candidate(0) });
    expect(count).toBe(2);
    const take = sidecarOf(signing, 'team');
    const inForce = offers.of('team');
    expect(inForce && (await take(inForce))).toBe('taken');
    offers.put('team', { ...first, channel: 'newest', candidate: candidate(100) });
    const obeyed = offers.of('team')?.candidate?.built;
    expect(obeyed && (await take(obeyed))).toBe('taken');
    offers.put('team', { ...first, channel: 'pinned', candidate: null });
    const back = offers.of('team');
    expect(back?.channel).toBe('pinned');
    expect(back && (await take(back))).toBe('taken');
  });
});

describe('the keys of the controller', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-signing-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are read from a directory: one signs, all are trusted', async () => {
    await expect(readSigning(folder)).rejects.toThrow('signing.pem');
    await writeFile(join(folder, 'signing.pem'), one.publicKey);
    await expect(readSigning(folder)).rejects.toThrow(/signing\.pem holds PUBLIC KEY/);
    await writeFile(join(folder, 'signing.pem'), one.privateKey);
    await writeFile(join(folder, 'next.pem'), other.privateKey);
    const both = await readSigning(folder);
    expect(Object.keys(both.publicKeysOf('team'))).toHaveLength(2);
    const take = sidecarOf(both, 'team');
    expect(await take(createSigning([keyOf(one)]).sign('team', first))).toBe('taken');
    expect(await take(createSigning([keyOf(other)]).sign('team', second))).toBe('taken');
    expect(both.isSigned('team', createSigning([keyOf(other)]).sign('team', first).bytes)).toBe(true);
  });
});
