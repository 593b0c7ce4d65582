import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok } from '../../../src/lib/result.ts';
import { lastingProblem } from '../../../src/policy/issue.ts';
import { openDirectorySource, PolicyStore, readBundle } from '../../../src/policy/index.ts';
import type { Compile } from '../../../src/policy/spawn-compiler.ts';
import { aBundle, compileWasm } from '../../support/bundles.ts';
import { MountedConfigMap } from '../../support/kubelet.ts';
import { until } from '../../support/until.ts';

const REGO = `package postern.main
result := {"test.policy": {"deny": {data.config.word}}}
`;

interface Line {
  readonly message: string;
  readonly code?: string;
  readonly file?: string;
  readonly detail?: string;
}

describe('a directory of policies', () => {
  let wasm: Uint8Array;
  let directory = '';
  let store: PolicyStore;
  let compiled: string[];
  let lines: Line[];
  let stack: AsyncDisposableStack;

  /** A bundle whose one policy says `word`. */
  const saying = (word: string): Buffer => aBundle({ wasm, data: { config: { word } } });
  const digestOf = (bytes: Buffer): string => {
    const bundle = readBundle(bytes);
    if (!bundle.ok) throw new Error(bundle.error.message);
    return bundle.value.digest;
  };
  const word = (): unknown => store.current()?.evaluator.evaluate({});
  const says = (expected: string) => (): boolean =>
    JSON.stringify(word()) === JSON.stringify({ 'test.policy': { deny: [expected] } });
  const failedWith = (code: string) => (): boolean =>
    store.status().failure?.issues.some((issue) => issue.code === code) ?? false;

  /** A compiler that is done at once: the sources are the words of a policy. */
  const compile: Compile = async (files) => {
    compiled.push(files.map(({ name, bytes }) => `${name}=${bytes.toString()}`).join(' '));
    const bad = files.find(({ bytes }) => bytes.toString().startsWith('bad'));
    if (bad === undefined) return ok(saying(files.map(({ bytes }) => bytes.toString()).join('+')));
    return err(
      lastingProblem({ file: bad.name, row: 3, col: 7, code: 'rego_parse_error', message: 'unexpected }' }),
    );
  };

  const follow = (path: string): void => {
    const log = {
      info: (message: string, fields: object) => void lines.push({ message, ...fields }),
      warn: (message: string, fields: object) => void lines.push({ message, ...fields }),
    };
    stack.use(
      openDirectorySource({ directory: path, modes: {}, namespace: '', store, trust: null, compile, log }),
    );
  };

  beforeAll(async () => {
    wasm = await compileWasm(REGO);
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-policies-'));
    store = new PolicyStore();
    compiled = [];
    lines = [];
    stack = new AsyncDisposableStack();
    stack.defer(() => rm(directory, { recursive: true, force: true }));
  });
  afterEach(() => stack.disposeAsync());

  const write = (name: string, content: string | Buffer): Promise<void> =>
    writeFile(join(directory, name), content);

  it('puts a built bundle in force, and says which', async () => {
    await write('policies.tar.gz', saying('one'));
    follow(directory);
    await until('the bundle is in force', says('one'));
    expect(store.status()).toMatchObject({
      state: 'ok',
      digest: digestOf(saying('one')),
      revision: 'r1',
      failure: null,
      loads: 1,
      failures: 0,
    });
    expect(compiled).toEqual([]);
  });

  it('has sources compiled, folders included, hidden and other files left out', async () => {
    await mkdir(join(directory, 'team'));
    await write('a.rego', 'one');
    await write('team/data.yaml', 'two');
    await write('.hidden.rego', 'bad');
    await write('README.md', 'bad');
    follow(directory);
    await until('the sources are in force', says('one+two'));
    expect(compiled).toEqual(['a.rego=one team/data.yaml=two']);
  });

  it('follows an edit in its own folder, and one further down that is not announced', async () => {
    await mkdir(join(directory, 'team'));
    await write('team/a.rego', 'one');
    await write('b.rego', 'two');
    follow(directory);
    await until('the first sources are in force', says('two+one'));
    await write('b.rego', 'three');
    await until('the edit is in force', says('three+one'));
    await write('team/a.rego', 'four');
    await until('the quiet edit is in force', says('three+four'));
    expect(compiled).toHaveLength(3);
  });

  it('keeps the last good policies when an edit is bad, and says file, row and column', async () => {
    await write('a.rego', 'one');
    follow(directory);
    await until('the first sources are in force', says('one'));
    await write('a.rego', 'bad');
    await until('the bad edit is noticed', () => store.status().state === 'degraded');
    expect(word()).toEqual({ 'test.policy': { deny: ['one'] } });
    expect(store.status()).toMatchObject({
      digest: digestOf(saying('one')),
      failure: { issues: [{ file: 'a.rego', row: 3, col: 7, code: 'rego_parse_error' }] },
      loads: 1,
      failures: 1,
    });
    expect(lines.at(-1)).toMatchObject({ file: 'a.rego:3:7', code: 'rego_parse_error' });
    await write('a.rego', 'one');
    await until('the good edit is in force', () => store.status().state === 'ok');
    expect(store.status()).toMatchObject({ loads: 1, failures: 1, failure: null });
  });

  it.each([
    ['policy.ambiguous', { 'a.rego': 'one', 'b.tar.gz': 'x' }],
    ['policy.ambiguous', { 'a.tgz': 'x', 'b.tar.gz': 'x' }],
    ['bundle.malformed', { 'a.tgz': 'x' }],
    ['policy.empty', {}],
    ['policy.too_many', Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`${String(i)}.rego`, '']))],
    ['policy.too_large', { 'a.rego': 'x'.repeat(4 * 2 ** 20 + 1) }],
    [
      'policy.too_large',
      Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.rego`, 'x'.repeat(2 ** 22)])),
    ],
  ])('is refused as %s when it holds what it may not', async (code, files: Record<string, string>) => {
    for (const [name, content] of Object.entries(files)) await write(name, content);
    follow(directory);
    await until(code, failedWith(code));
    expect(store.status()).toMatchObject({ state: 'empty', digest: null, failures: 1 });
  });

  it('does not follow links to folders, nor pass over them in silence', async () => {
    await write('a.rego', 'one');
    await symlink('.', join(directory, 'again'));
    follow(directory);
    await until('the link is refused', failedWith('policy.not_a_file'));
    expect(compiled).toEqual([]);
  });

  it('is refused when its patterns are, each with its place', async () => {
    await write(
      'a.tgz',
      aBundle({ wasm, data: { config: { word: 'x' }, patterns: [{ id: 'a.b', literal: '' }] } }),
    );
    follow(directory);
    await until('the patterns are refused', failedWith('bundle.pattern'));
    expect(store.status().failure?.issues.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^data\.patterns\[0\]\.literal /),
    );
  });

  it('is refused when its bundle does not answer for every policy', async () => {
    await write('a.tgz', aBundle({ wasm, data: { config: { word: 'x' } }, id: 'test.absent' }));
    follow(directory);
    await until('the bundle is refused', failedWith('bundle.evaluation'));
    expect(store.current()).toBeNull();
  });

  it('is found when it comes later, and kept in force when it goes', async () => {
    const later = join(directory, 'later');
    follow(later);
    await until('its absence is noticed', failedWith('policy.unreadable'));
    await mkdir(later);
    await writeFile(join(later, 'a.rego'), 'one');
    await until('it is in force', says('one'));
    await rm(later, { recursive: true });
    await until('its removal is noticed', () => store.status().state === 'degraded');
    expect(word()).toEqual({ 'test.policy': { deny: ['one'] } });
    await mkdir(later);
    await writeFile(join(later, 'a.rego'), 'two');
    await until('what took its place is in force', says('two'));
    await writeFile(join(later, 'a.rego'), 'three');
    await until('its edits are announced again', says('three'));
  });

  it('loads the same content once, however often it is written', async () => {
    await write('a.rego', 'one');
    follow(directory);
    await until('the sources are in force', says('one'));
    for (let round = 0; round < 5; round += 1) {
      await write('a.rego.tmp', 'one');
      await rename(join(directory, 'a.rego.tmp'), join(directory, 'a.rego'));
      await sleep(60);
    }
    await write('a.rego', 'two');
    await until('the edit is in force', says('two'));
    expect(compiled).toEqual(['a.rego=one', 'a.rego=two']);
    expect(store.status()).toMatchObject({ loads: 2, failures: 0 });
  });

  it('tells subscribers of each load and each failure, until they leave', async () => {
    const events: string[] = [];
    const leave = store.subscribe((event) => void events.push(event.kind));
    await write('a.rego', 'bad');
    follow(directory);
    await until('the failure is told', () => events.length === 1);
    await write('a.rego', 'one');
    await until('the load is told', () => events.length === 2);
    leave();
    await write('a.rego', 'two');
    await until('the next load is in force', says('two'));
    expect(events).toEqual(['failed', 'loaded']);
  });

  describe('that is a mounted ConfigMap', () => {
    const mount = async (content: Record<string, string>): Promise<MountedConfigMap> => {
      const volume = stack.use(await MountedConfigMap.mount(content));
      follow(volume.directory);
      return volume;
    };

    it('is followed through the turn of its link, and through keys that come and go', async () => {
      const volume = await mount({ 'a.rego': 'one' });
      await until('the first version is in force', says('one'));
      await volume.update({ 'a.rego': 'two', 'b.rego': 'three' });
      await until('the second version is in force', says('two+three'));
      await volume.update({ 'b.rego': 'three' });
      await until('the removal of a key is in force', says('three'));
      await volume.update({});
      await until('its emptiness is noticed', failedWith('policy.empty'));
      expect(word()).toEqual({ 'test.policy': { deny: ['three'] } });
    });

    it('is never read as a mixture of two versions, at ten turns a second', async () => {
      const volume = await mount({ 'a.rego': '0', 'b.rego': '0', 'c.rego': '0' });
      let turn = 0;
      for (turn = 1; turn <= 15; turn += 1) {
        const version = turn % 4 === 3 ? 'bad' : String(turn);
        await volume.update({ 'a.rego': version, 'b.rego': version, 'c.rego': version });
        await sleep(100);
      }
      await volume.update({ 'a.rego': 'end', 'b.rego': 'end', 'c.rego': 'end' });
      await until('the last version is in force', says('end+end+end'));
      expect(compiled.length).toBeGreaterThan(4);
      for (const sources of compiled) expect(sources).toMatch(/^a\.rego=(\w+) b\.rego=\1 c\.rego=\1$/);
      expect(store.status()).toMatchObject({ state: 'ok', failure: null });
    });
  });
});
