import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnCompiler, spawnFloorCompiler, type Compile } from '../../../src/policy/spawn-compiler.ts';
import { until } from '../../support/until.ts';

const FILES = [{ name: 'team/a.rego', bytes: Buffer.from('package a') }];

describe('a compiler in a process of its own', () => {
  let room = '';
  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'postern-compilers-'));
  });
  afterAll(() => rm(room, { recursive: true, force: true }));

  let count = 0;
  /** A main file with this body, which sees the option values as `directory` and `bundle`. */
  const compilerThat = async (body: string): Promise<Compile> => {
    count += 1;
    const main = join(room, `${String(count)}.mjs`);
    const imports = "import fs from 'node:fs';\nimport { parseArgs } from 'node:util';\n";
    const options =
      "{ directory: { type: 'string' }, bundle: { type: 'string' }, o: { type: 'string', short: 'o' }, 'skip-tests': { type: 'boolean' } }";
    const parse = `const { positionals, values: { directory, bundle, o } } = parseArgs({ allowPositionals: true, options: ${options} });\n`;
    await writeFile(main, `${imports}${parse}${body}`);
    return spawnCompiler(main);
  };
  const run = async (body: string): ReturnType<Compile> =>
    (await compilerThat(body))(FILES, new AbortController().signal);
  const problem = (code: string, isPassing: boolean): unknown => ({
    ok: false,
    error: { isPassing, issues: [expect.objectContaining({ code })] },
  });

  it('gets a copy of the files and gives the bundle it writes', async () => {
    const body =
      "fs.writeFileSync(bundle, [...positionals, o, fs.readFileSync(`${directory}/team/a.rego`)].join(' '));";
    expect(await run(body)).toEqual({ ok: true, value: Buffer.from('policy build json package a') });
  });

  it('gets no more of the environment than where to find things', async () => {
    process.env['POSTERN_TEST_KEY'] = 'placeholder';
    const result = await run('fs.writeFileSync(bundle, Object.keys(process.env).sort().join());');
    delete process.env['POSTERN_TEST_KEY'];
    expect(result).toEqual({ ok: true, value: Buffer.from('PATH,TMPDIR') });
  });

  it('yields to exchanges once the first policies are there, and not before: until then there are none', async () => {
    const compile = await compilerThat(
      "import os from 'node:os';\n" +
        'fs.writeFileSync(`${fs.existsSync(`${directory}/fails`) ? "/nowhere" : ""}${bundle}`, String(os.getPriority()));',
    );
    const told = async (files: typeof FILES): Promise<string | null> => {
      const built = await compile(files, new AbortController().signal);
      return built.ok ? built.value.toString() : null;
    };
    expect(await told([{ name: 'fails', bytes: Buffer.from('') }])).toBeNull();
    expect(await told(FILES)).toBe(String(getPriority()));
    expect(await told(FILES)).toBe(String(Math.max(getPriority(), 5)));
  });

  it('tells the issues it printed', async () => {
    const issue = {
      file: 'team/a.rego',
      row: 1,
      col: 9,
      code: 'rego_parse_error',
      message: 'unexpected eof',
    };
    const body = `console.log(JSON.stringify({ issues: [${JSON.stringify(issue)}, 7] })); process.exitCode = 1;`;
    expect(await run(body)).toEqual({ ok: false, error: { isPassing: false, issues: [issue] } });
  });

  it('is told apart from one that is not there, and from one that broke', async () => {
    expect(await run('process.exitCode = 69;')).toEqual(problem('policy.no_compiler', false));
    expect(await run('process.exitCode = 1;')).toEqual(problem('policy.compiler_failed', true));
    expect(await run('process.exitCode = 70;')).toEqual(problem('policy.compiler_failed', true));
    expect(await run("process.kill(process.pid, 'SIGKILL');")).toEqual(
      problem('policy.compiler_failed', true),
    );
  });

  it('is stopped when it prints without end', async () => {
    const body = "for (;;) fs.writeSync(1, 'x'.repeat(65536));";
    expect(await run(body)).toEqual(problem('policy.compiler_failed', true));
  });

  it('is stopped when nobody waits for it any more, and leaves nothing behind', async () => {
    const note = join(room, 'note');
    const compile = await compilerThat(
      `fs.writeFileSync('${note}', process.pid + ' ' + directory); setInterval(() => {}, 1000);`,
    );
    const closing = new AbortController();
    const result = compile(FILES, closing.signal);
    await until('it runs', () => existsSync(note));
    closing.abort();
    expect(await result).toEqual(problem('policy.compiler_failed', true));
    const [pid, directory] = (await readFile(note, 'utf8')).split(' ');
    await until('it is gone', () => !existsSync(`/proc/${String(pid)}/exe`));
    expect(existsSync(String(directory))).toBe(false);
  });
});

describe('a compiler that is ready before it is asked', () => {
  const WAITING = `import fs from 'node:fs';
import { createInterface } from 'node:readline';
fs.writeFileSync(import.meta.dirname + '/ready-' + process.pid, '');
for await (const line of createInterface({ input: process.stdin })) {
  const { directory, platform, bundle } = JSON.parse(line);
  const text = fs.readFileSync(directory + '/team/a.rego', 'utf8');
  if (text === 'dies') process.kill(process.pid, 'SIGKILL');
  if (text === 'refuses') {
    const issue = { file: platform + '/base/b.rego', row: 1, col: 1, code: 'c', message: 'm' };
    console.log(JSON.stringify({ issues: [issue] }));
    process.exit(1);
  }
  fs.writeFileSync(bundle, JSON.stringify([process.pid, text, fs.readdirSync(platform)]));
  break;
}
`;
  let room = '';
  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'postern-spares-'));
    await writeFile(join(room, 'main.mjs'), WAITING);
  });
  afterAll(() => rm(room, { recursive: true, force: true }));

  const compiler = () => {
    const compile = spawnFloorCompiler(join(room, 'main.mjs'));
    return (text: string, signal = new AbortController().signal) =>
      compile({ platform: [], own: [{ name: 'team/a.rego', bytes: Buffer.from(text) }] }, signal);
  };
  const read = (result: Awaited<ReturnType<Compile>>): [pid: number, ...unknown[]] =>
    JSON.parse(result.ok ? result.value.toString() : '[]') as ReturnType<typeof read>;

  it('does one thing and ends, and another has got ready meanwhile', async () => {
    const compile = compiler();
    const [first, ...said] = read(await compile('package a'));
    expect(said).toEqual(['package a', []]);
    const ready = (pid: number): string => `ready-${String(pid)}`;
    const others = (): readonly string[] =>
      readdirSync(room).filter((name) => name.startsWith('ready-') && name !== ready(first));
    expect(readdirSync(room)).toContain(ready(first));
    await until('another that is ready before it is asked', () => others().length === 1);
    expect(others()).toEqual([ready(read(await compile('package b'))[0])]);
  });

  it('that dies takes nobody along, and names files as their authors know them', async () => {
    const compile = compiler();
    expect(await compile('dies')).toMatchObject({ ok: false, error: { isPassing: true } });
    expect(await compile('refuses')).toMatchObject({
      ok: false,
      error: { isPassing: false, issues: [{ file: 'base/b.rego' }] },
    });
    expect((await compile('package a')).ok).toBe(true);
  });

  it('is stopped when nobody waits any more', async () => {
    expect(await compiler()('package a', AbortSignal.abort())).toMatchObject({
      ok: false,
      error: { isPassing: true },
    });
  });
});
