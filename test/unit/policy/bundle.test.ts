import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { assert, nat, property, tuple, uint8Array } from 'fast-check';
import { createTar } from 'nanotar';
import { readBundle, writeBundle, type BundleSource } from '../../../src/policy/bundle.ts';

const SOURCE: BundleSource = {
  revision: 'r1',
  compiler: 'opa 1.22.2',
  reads: { request: ['findings.code', 'phase'], response: [] },
  wasm: Uint8Array.of(0, 97, 115, 109),
  data: { config: { b: [1, { z: 1, a: 2 }], a: 'ü' } },
  policies: [
    {
      id: 'limits.length',
      title: 'Length',
      description: 'Not too long.',
      severity: 'low',
      phases: ['request'],
      defaultMode: 'enforce',
      level: 'platform',
    },
  ],
  modes: { policies: { 'limits.length': 'warn' }, namespaces: { staging: { 'limits.length': 'off' } } },
};
const MANIFEST = {
  metadata: {
    abi: 2,
    compiler: 'opa 1.22.2',
    modes: { policies: {}, namespaces: {} },
    policies: [
      {
        default_mode: 'enforce',
        description: '',
        id: 'a.b',
        level: 'tenant',
        phases: ['request', 'response'],
        severity: 'high',
        title: 'T',
      },
    ],
    reads: { request: ['parts.kind'], response: ['*'] },
  },
  revision: '',
  roots: [''],
};
const MIB = 1024 * 1024;

function write(source: BundleSource): Buffer {
  const bytes = writeBundle(source);
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
}

function digestOf(source: BundleSource): string {
  const bundle = readBundle(write(source));
  if (!bundle.ok) throw new Error(bundle.error.message);
  return bundle.value.digest;
}

type Entry = Parameters<typeof createTar>[0][number];

/** What a stranger may have packed. */
const pack = (...entries: readonly Entry[]): Buffer => gzipSync(createTar([...entries]));
const manifest = (value: unknown): Entry => ({ name: '/.manifest', data: JSON.stringify(value) });
const DATA: Entry = { name: '/data.json', data: '{}' };
const WASM: Entry = { name: '/policy.wasm', data: 'x' };

function faultOf(bytes: Uint8Array): string {
  const bundle = readBundle(bytes);
  return bundle.ok ? 'none' : `${bundle.error.code}: ${bundle.error.message}`;
}

describe('a bundle', () => {
  it('comes back as it was written, with a digest', () => {
    const bundle = readBundle(write(SOURCE));
    expect(bundle).toMatchObject({ ok: true, value: { ...SOURCE, wasm: expect.any(Uint8Array) } });
    expect(bundle.ok && Buffer.from(bundle.value.wasm)).toEqual(Buffer.from(SOURCE.wasm));
    expect(digestOf(SOURCE)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has equal bytes for equal contents, whatever the order of keys', () => {
    const turned = { ...SOURCE, data: { config: { a: 'ü', b: [1, { a: 2, z: 1 }] } } };
    expect(write(turned).equals(write(SOURCE))).toBe(true);
  });

  it('has another digest when anything that decides is another', () => {
    const others: BundleSource[] = [
      SOURCE,
      { ...SOURCE, wasm: Uint8Array.of(0) },
      { ...SOURCE, data: {} },
      { ...SOURCE, reads: { request: ['*'], response: [] } },
      { ...SOURCE, policies: SOURCE.policies.map((policy) => ({ ...policy, defaultMode: 'off' as const })) },
    ];
    expect(new Set(others.map(digestOf)).size).toBe(others.length);
  });

  it('keeps its digest under another name', () => {
    expect(digestOf({ ...SOURCE, revision: 'r2' })).toBe(digestOf(SOURCE));
  });

  it('is refused when it is too large, packed or unpacked', () => {
    expect(faultOf(Buffer.alloc(4 * MIB + 1))).toBe('bundle.too_large: It is larger than 4 MiB packed.');
    const bomb = gzipSync(Buffer.alloc(16 * MIB + 1));
    expect(bomb.length).toBeLessThan(100_000);
    expect(faultOf(bomb)).toBe('bundle.too_large: It is larger than 16 MiB unpacked.');
    expect(writeBundle({ ...SOURCE, wasm: new Uint8Array(17 * MIB) })).toMatchObject({
      ok: false,
      error: { code: 'bundle.too_large' },
    });
  });

  it('is refused when it holds more, less or other than it should', () => {
    const whole = [manifest(MANIFEST), DATA, WASM];
    expect(faultOf(pack(...whole))).toBe('none');
    const strangers = [
      [manifest(MANIFEST), DATA],
      [...whole, { name: '/x.rego', data: '' }],
      [...whole, DATA],
      [...whole, { name: '/folder' }],
      [manifest(MANIFEST), DATA, { name: '/sub/policy.wasm', data: 'x' }],
    ];
    for (const entries of strangers) expect(faultOf(pack(...entries))).toMatch(/^bundle\.entries: /);
  });

  it('is refused when an entry is not a plain file', () => {
    const tar = createTar([manifest(MANIFEST), DATA, WASM]);
    tar[156] = '2'.charCodeAt(0); // a symbolic link
    expect(faultOf(gzipSync(tar))).toMatch(/^bundle\.entries: /);
  });

  it('is refused when its data is not a JSON object in UTF-8', () => {
    for (const data of ['[]', 'null', '{', Buffer.from([0x22, 0xff, 0x22])])
      expect(faultOf(pack(manifest(MANIFEST), { name: '/data.json', data }, WASM))).toMatch(
        /^bundle\.malformed: /,
      );
  });

  it('is refused when a field of the manifest is not as it should be', () => {
    const { metadata } = MANIFEST;
    const [policy] = metadata.policies;
    const withMetadata = (over: object): object => ({ ...MANIFEST, metadata: { ...metadata, ...over } });
    const withPolicy = (over: object): object => withMetadata({ policies: [{ ...policy, ...over }] });
    const wrong: ReadonlyArray<readonly [string, unknown]> = [
      ['the fields', null],
      ['the fields', { ...MANIFEST, more: 1 }],
      ['revision', { ...MANIFEST, revision: 1 }],
      ['roots', { ...MANIFEST, roots: ['a'] }],
      ['metadata', { ...MANIFEST, metadata: {} }],
      ['metadata.abi (only 2 is known)', withMetadata({ abi: 1 })],
      ['metadata.compiler', withMetadata({ compiler: null })],
      ['metadata.reads', withMetadata({ reads: { request: [] } })],
      ['metadata.reads', withMetadata({ reads: { request: [], response: [1] } })],
      ['metadata.reads', withMetadata({ reads: { request: [], response: Array(1001).fill('*') } })],
      [
        'metadata.reads (no input.parts.colour is known here; was it built by a newer Postern?)',
        withMetadata({ reads: { request: ['parts.colour'], response: [] } }),
      ],
      ['metadata.policies', withMetadata({ policies: [] })],
      ['metadata.policies[1]', withMetadata({ policies: [policy, policy] })],
      ['metadata.policies[0]', withPolicy({ id: '__proto__' })],
      ['metadata.policies[0]', withPolicy({ severity: 'dire' })],
      ['metadata.policies[0]', withPolicy({ phases: [] })],
      ['metadata.policies[0]', withPolicy({ default_mode: 'maybe' })],
      ['metadata.policies[0]', withPolicy({ level: 'root' })],
      ['metadata.modes: must be a mapping', withMetadata({ modes: [] })],
      [
        'metadata.modes: policies.a.b must be one of enforce, warn, audit, off',
        withMetadata({ modes: { policies: { 'a.b': 'loud' } } }),
      ],
      ['metadata.policies[0]', withPolicy({ more: 1 })],
      ['metadata.policies[0]', withPolicy({ title: 'x'.repeat(5000) })],
    ];
    for (const [field, value] of wrong)
      expect(faultOf(pack(manifest(value), DATA, WASM))).toBe(
        `bundle.manifest: The manifest is not valid: ${field}.`,
      );
  });

  it('is never read with an exception, whatever its bytes', () => {
    const tar = Buffer.from(createTar([manifest(MANIFEST), DATA, WASM]));
    const spoilt = tuple(nat(tar.length - 1), uint8Array({ minLength: 1, maxLength: 12 }));
    assert(
      property(spoilt, ([at, bytes]) => {
        const copy = Buffer.from(tar);
        copy.set(bytes.subarray(0, copy.length - at), at);
        expect(() => readBundle(gzipSync(copy))).not.toThrow();
      }),
      { numRuns: 500 },
    );
    assert(property(uint8Array(), (bytes) => expect(() => readBundle(bytes)).not.toThrow()));
  });
});
