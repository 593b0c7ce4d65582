import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTar } from 'nanotar';
import { createTrust, generateKeys, readBundle, verifyBundle } from '../../../src/policy/index.ts';
import { unpackArchive, type Archive, type Contents } from '../../../src/policy/bundle-archive.ts';
import { aBundle } from '../../support/bundles.ts';
import { forgeToken, signAs, tamper, trusting, unwrap, type TokenParts } from '../../support/signing.ts';

const keys = generateKeys();
const stranger = generateKeys();
const unsigned = aBundle({ wasm: Uint8Array.of(0, 97, 115, 109), data: { config: { word: 'x' } } });
const signed = signAs(keys, unsigned, { serial: 7 });

/** The code of what is wrong, or `none`. */
async function faultOf(bytes: Uint8Array, trusted = trusting(keys)): Promise<string> {
  const { findKey } = createTrust({ keys: trusted, leastSerial: 0, stateFile: null });
  const verified = await verifyBundle(bytes, findKey);
  return verified.ok ? 'none' : verified.error.code;
}

const withContents = (over: (contents: Contents) => Partial<Contents>): Buffer =>
  tamper(signed, (archive) => ({ ...archive, contents: { ...archive.contents, ...over(archive.contents) } }));
const withSignatures = (signatures: unknown): Buffer =>
  tamper(signed, (archive) => ({ ...archive, signatures: Buffer.from(JSON.stringify(signatures)) }));
const forged = (over: (parts: TokenParts) => object): Buffer =>
  forgeToken(keys, signed, (parts) => ({ ...parts, ...over(parts) }));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const tokenOf = (bytes: Uint8Array): string => {
  const { signatures } = unwrap(unpackArchive(bytes));
  return (JSON.parse(textOf(signatures ?? Buffer.of())) as { signatures: string[] }).signatures[0] ?? '';
};

describe('a signed bundle', () => {
  it('is the bundle that was signed, and says by whom and under which serial', async () => {
    const { findKey } = createTrust({ keys: trusting(keys), leastSerial: 0, stateFile: null });
    expect(unwrap(await verifyBundle(signed, findKey))).toEqual({
      bundle: unwrap(readBundle(unsigned)),
      signature: { keyId: keys.keyId, serial: 7 },
    });
  });

  it('has equal bytes for equal bundles, keys and serials, also when it was signed before', () => {
    expect(signAs(keys, unsigned, { serial: 7 }).equals(signed)).toBe(true);
    expect(signAs(keys, signAs(stranger, unsigned), { serial: 7 }).equals(signed)).toBe(true);
    expect(signAs(keys, unsigned, { serial: 8 }).equals(signed)).toBe(false);
  });

  it('keeps its digest, and is read as before where nobody asks for a signature', () => {
    expect(readBundle(signed)).toEqual(readBundle(unsigned));
  });

  it.each<[string, Buffer]>([
    ['a bit of the module', withContents(({ 'policy.wasm': wasm }) => ({ 'policy.wasm': flipBit(wasm) }))],
    ['the data', withContents(() => ({ 'data.json': Buffer.from('{"config":{"word":"y"}}') }))],
    [
      'a space in the data that changes no value',
      withContents(({ 'data.json': data }) => ({ 'data.json': Buffer.from(`${textOf(data)} `) })),
    ],
    [
      'the revision',
      withContents(({ '.manifest': manifest }) => ({
        '.manifest': Buffer.from(textOf(manifest).replace('"revision":"r1"', '"revision":"r2"')),
      })),
    ],
    [
      'the mode of a policy',
      withContents(({ '.manifest': manifest }) => ({
        '.manifest': Buffer.from(textOf(manifest).replace('"enforce"', '"off"')),
      })),
    ],
    [
      'two files that changed places',
      withContents((contents) => ({
        'data.json': contents['policy.wasm'],
        'policy.wasm': contents['data.json'],
      })),
    ],
  ])('is refused when this is another: %s', async (_, bytes) => {
    expect(bytes.equals(signed)).toBe(false);
    expect(await faultOf(bytes)).toBe('signature.contents');
  });

  it('is refused when any byte of its files is another, before it is parsed', async () => {
    for (const name of ['.manifest', 'data.json', 'policy.wasm'] as const) {
      const { length } = unwrap(unpackArchive(signed)).contents[name];
      for (let at = 0; at < length; at += Math.ceil(length / 40)) {
        const bytes = withContents((contents) => ({ [name]: flipBit(contents[name], at) }));
        expect(await faultOf(bytes)).toBe('signature.contents');
      }
    }
  });

  it('is refused when any character of its token is another', async () => {
    const token = tokenOf(signed);
    // Not the last one: some of its bits mean nothing.
    for (let at = 0; at < token.length - 1; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const bytes = withSignatures({ signatures: [`${token.slice(0, at)}${other}${token.slice(at + 1)}`] });
      expect(await faultOf(bytes)).toMatch(/^signature\./);
    }
  });

  it('is refused when nobody signed it', async () => {
    expect(await faultOf(unsigned)).toBe('signature.missing');
    expect(await faultOf(tamper(signed, (archive) => ({ ...archive, signatures: null })))).toBe(
      'signature.missing',
    );
  });

  it('is refused when a stranger signed it, under his own name or that of a trusted key', async () => {
    expect(await faultOf(signAs(stranger, unsigned))).toBe('signature.unknown_key');
    expect(await faultOf(signAs(stranger, unsigned, { keyId: keys.keyId }))).toBe('signature.invalid');
    expect(await faultOf(signAs(stranger, unsigned, { keyId: '__proto__' }))).toBe('signature.malformed');
    expect(await faultOf(signAs(stranger, unsigned, { keyId: 'constructor' }))).toBe('signature.unknown_key');
  });

  it('is refused when it names no key, even where there is only one', async () => {
    const { alg } = { alg: 'EdDSA' };
    const claims = ({ payload }: TokenParts, keyid: string): object => ({ ...payload, keyid });
    for (const header of [{ alg, kid: '' }, { alg }]) {
      const bytes = forged((parts) => ({ header, payload: claims(parts, '') }));
      expect(await faultOf(bytes)).toBe('signature.no_key_id');
      expect(await faultOf(bytes, new Map([['', keys.publicKey]]))).toBe('signature.no_key_id');
    }
  });

  it.each(['none', 'HS256', 'RS256', 'ES256', 'Ed448', 'eddsa', '', undefined, null])(
    'is refused when its algorithm is %s',
    async (alg) => {
      const bytes = forged(({ header }) => ({ header: { ...header, alg } }));
      expect(await faultOf(bytes)).toBe('signature.algorithm');
    },
  );

  it('is not verified with the public key as a shared secret, nor without a signature', async () => {
    const none = forged(({ header }) => ({ header: { ...header, alg: 'none' } }));
    const [head, payload] = tokenOf(none).split('.');
    expect(await faultOf(withSignatures({ signatures: [`${head ?? ''}.${payload ?? ''}.`] }))).toBe(
      'signature.malformed',
    );
    const [ownHead, ownPayload] = tokenOf(signed).split('.');
    expect(await faultOf(withSignatures({ signatures: [`${ownHead ?? ''}.${ownPayload ?? ''}.AAAA`] }))).toBe(
      'signature.invalid',
    );
  });

  it.each<[string, Buffer]>([
    ['no signature in the list', withSignatures({ signatures: [] })],
    ['two signatures', withSignatures({ signatures: [tokenOf(signed), tokenOf(signed)] })],
    ['another field beside the list', withSignatures({ signatures: [tokenOf(signed)], plugin: 'x' })],
    ['no JSON', tamper(signed, (archive) => ({ ...archive, signatures: Buffer.from('{') }))],
    ['nothing', tamper(signed, (archive) => ({ ...archive, signatures: Buffer.of() }))],
    ['too much', tamper(signed, (archive) => ({ ...archive, signatures: Buffer.alloc(16_385, ' ') }))],
    ['more in the header', forged(({ header }) => ({ header: { ...header, crit: ['b64'] } }))],
    ['a key of its own', forged(({ header }) => ({ header: { ...header, jwk: { kty: 'OKP' } } }))],
    ['a header that is a list', forged(() => ({ header: [] }))],
    ['an id with a new line', forged(({ header }) => ({ header: { ...header, kid: 'a\nb' } }))],
    ['another id in the payload', forged(({ payload }) => ({ payload: { ...payload, keyid: 'other' } }))],
    ['no serial', forged(({ payload }) => ({ payload: { ...payload, serial: undefined } }))],
    ['a serial below zero', forged(({ payload }) => ({ payload: { ...payload, serial: -1 } }))],
    ['a serial that is a text', forged(({ payload }) => ({ payload: { ...payload, serial: '7' } }))],
    [
      'a serial beyond whole numbers',
      forged(({ payload }) => ({ payload: { ...payload, serial: 2 ** 53 } })),
    ],
    ['more claims', forged(({ payload }) => ({ payload: { ...payload, scope: 'write' } }))],
  ])('is refused when its signature has %s', async (_, bytes) => {
    expect(await faultOf(bytes)).toBe('signature.malformed');
  });

  it('is refused when a file is listed twice, left out, or hashed by another algorithm', async () => {
    interface File {
      readonly name: string;
    }
    const withFiles = (change: (files: readonly File[]) => object): Buffer =>
      forged(({ payload }) => ({
        payload: { ...payload, files: change((payload as { files: readonly File[] }).files) },
      }));
    const changes: ReadonlyArray<(files: readonly File[]) => object> = [
      (files) => [...files, ...files],
      (files) => files.slice(1),
      (files) => files.filter(({ name }) => name !== '.manifest'),
      (files) => files.map((file) => ({ ...file, algorithm: 'SHA-1' })),
      () => [],
      () => ({}),
    ];
    for (const change of changes) expect(await faultOf(withFiles(change))).toBe('signature.contents');
  });

  it('is refused when it holds an entry twice, signed or not', async () => {
    const { contents, signatures } = unwrap(unpackArchive(signed));
    const entries = [...Object.entries(contents), ['.signatures.json', signatures] as const].map(
      ([name, data]) => ({ name: `/${name}`, data: data ?? Buffer.of() }),
    );
    const pack = (...names: readonly string[]): Buffer =>
      gzipSync(createTar(names.flatMap((name) => entries.filter((entry) => entry.name === `/${name}`))));
    const all = ['.manifest', 'data.json', 'policy.wasm', '.signatures.json'];
    expect(await faultOf(pack(...all))).toBe('none');
    for (const name of all) expect(await faultOf(pack(...all, name))).toBe('bundle.entries');
    expect(await faultOf(pack('.manifest', 'data.json', 'data.json', 'policy.wasm'))).toBe('bundle.entries');
    expect(await faultOf(pack('.manifest', 'data.json', '.signatures.json'))).toBe('bundle.entries');
    const stranger = { name: '/extra.json', data: '{}' };
    expect(await faultOf(gzipSync(createTar([...entries, stranger])))).toBe('bundle.entries');
  });

  it('is never verified with an exception, whatever its token', async () => {
    const junk: Array<Archive['signatures']> = [
      '',
      'null',
      '[]',
      '{"signatures":1}',
      '{"signatures":[1]}',
    ].map((text) => Buffer.from(text));
    for (const text of ['a.b', 'a.b.c', '..', 'e30.e30.e30', 'bnVsbA.e30.e30', `${'a'.repeat(9999)}.b.c`])
      junk.push(Buffer.from(JSON.stringify({ signatures: [text] })));
    for (const signatures of junk)
      expect(await faultOf(tamper(signed, (archive) => ({ ...archive, signatures })))).toMatch(
        /^signature\./,
      );
  });
});

describe('the keys that are trusted', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const others = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ed448: generateKeyPairSync('ed448'),
    x25519: generateKeyPairSync('x25519'),
  };

  it('may be more than one while they are changed', async () => {
    const [old, next] = [keys, stranger];
    const both = trusting(old, next);
    expect(await faultOf(signAs(old, unsigned), both)).toBe('none');
    expect(await faultOf(signAs(next, unsigned), both)).toBe('none');
    expect(await faultOf(signAs(old, unsigned), trusting(next))).toBe('signature.unknown_key');
  });

  it('are tried by name, never one for the other', async () => {
    const swapped = new Map([
      [keys.keyId, stranger.publicKey],
      [stranger.keyId, keys.publicKey],
    ]);
    expect(await faultOf(signed, swapped)).toBe('signature.invalid');
  });

  it.each(Object.entries(others))('are refused when they are of type %s', async (_, pair) => {
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(await faultOf(signed, new Map([[keys.keyId, pem]]))).toBe('signature.key');
  });

  it.each([
    ['private', keys.privateKey],
    ['two', keys.publicKey + stranger.publicKey],
    ['spoilt', keys.publicKey.replace('MCow', 'MCov')],
  ])('are refused when the PEM is %s', async (_, pem) => {
    expect(await faultOf(signed, new Map([[keys.keyId, pem]]))).toBe('signature.key');
  });

  it('may be files, which are read with each bundle', async () => {
    const file = join(folder, 'key.pem');
    const trusted = new Map([[keys.keyId, file]]);
    expect(await faultOf(signed, trusted)).toBe('signature.key');
    await writeFile(file, keys.publicKey);
    expect(await faultOf(signed, trusted)).toBe('none');
    await writeFile(file, stranger.publicKey);
    expect(await faultOf(signed, trusted)).toBe('signature.invalid');
    await writeFile(file, 'no key');
    expect(await faultOf(signed, trusted)).toBe('signature.key');
    await writeFile(file, keys.publicKey.padEnd(16_385));
    expect(await faultOf(signed, trusted)).toBe('signature.key');
  });
});

function flipBit(bytes: Uint8Array, at = 0): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
