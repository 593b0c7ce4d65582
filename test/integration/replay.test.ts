// A log that a real sidecar wrote, replayed with other policies: what would change, and what the log cannot tell.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLlm } from '../../src/demo/llm/index.ts';
import { runCommand, type CliRun } from '../support/cli.ts';
import { startPostern } from '../support/postern.ts';

const CANARY = 'canary-content-91c2';
const LONG = `A letter about ${CANARY}. `.repeat(20);
const ARGUMENTS = `package postern.policies.team.arguments

deny contains "Not about that." if {
	some part in input.parts
	part.arguments.about == "that"
}
`;
const MODELS = `package postern.policies.team.models

deny contains "Not gpt-4o." if {
	input.phase == "request"
	input.model == "gpt-4o"
}
`;

interface Replay {
  readonly log: Readonly<Record<string, unknown>>;
  readonly sides: Readonly<Record<string, number>>;
  readonly codes: readonly object[];
  readonly undecidable: readonly object[];
  readonly changed: ReadonlyArray<{ readonly decision_id: string; readonly line: number }>;
  readonly changed_left_off: number;
}

describe('postern replay', () => {
  let room = '';
  const at = (name: string): string => join(room, name);
  const replay = (...args: readonly string[]): Promise<CliRun> => runCommand('replay', ...args);
  const replayed = async (...args: readonly string[]): Promise<Replay> =>
    JSON.parse((await replay(...args, '-o', 'json')).stdout) as Replay;
  /** Built once, since policies are asked often here. */
  async function build(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(at(name));
    for (const [file, text] of Object.entries(files)) await writeFile(at(`${name}/${file}`), text);
    const built = await runCommand('policy', 'build', at(name), '--bundle', at(`${name}.tar.gz`));
    expect(built.code).toBe(0);
  }

  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'postern-replay-'));
    await build('same', { 'config.json': '{"max_user_length": 100}' });
    await build('milder', { 'config.json': '{"max_user_length": 10000}' });
    await build('stricter', { 'config.json': '{"max_user_length": 100}', 'models.rego': MODELS });
    await build('curious', { 'config.json': '{"max_user_length": 100}', 'arguments.rego': ARGUMENTS });
    await build('patterned', {
      'config.json': '{"max_user_length": 100}',
      'patterns.yaml': '- {id: team.bird, literal: bluebird, severity: high}',
    });
    await record();
  }, 120_000);
  afterAll(() => rm(room, { recursive: true, force: true }));

  async function record(): Promise<void> {
    const llm = await startLlm();
    await using postern = await startPostern({
      policies: { 'config.json': '{"max_user_length": 100}' },
      upstreams: { openai: { provider: 'openai', url: llm.url } },
      settings: { audit: { file: '$FOLDER/audit.jsonl', facts: true } },
    });
    const ask = async (body: object): Promise<number> => {
      const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
        body: JSON.stringify(body),
      });
      await answer.text();
      return answer.status;
    };
    const hello = { role: 'user', content: `Hello ${CANARY}.` };
    const call = { name: 'lookup', arguments: JSON.stringify({ about: CANARY }) };
    const called = { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: call }] };
    const result = { role: 'tool', tool_call_id: 'c1', content: 'Nothing.' };
    expect(await ask({ model: 'gpt-4o', messages: [hello] })).toBe(200);
    expect(await ask({ model: 'gpt-4o-mini', messages: [hello], stream: true })).toBe(200);
    expect(await ask({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: LONG }] })).toBe(400);
    expect(await ask({ model: 'gpt-4o-mini', messages: [hello, called, result] })).toBe(200);
    expect(await ask({ model: 'nobody', messages: 'not understood' })).toBe(400);
    await copyFile(join(postern.folder, 'audit.jsonl'), at('audit.jsonl'));
    await llm.close();
  }

  it('reads a log that holds facts, and neither content nor arguments', () => {
    const text = readFileSync(at('audit.jsonl'), 'utf8');
    expect(text).not.toContain(CANARY);
    expect(text).toContain('"erased":["parts.arguments","parts.text"]');
  });

  it('finds no difference in the same policies, from a bundle and from a directory', async () => {
    for (const candidate of ['same.tar.gz', 'same']) {
      const { code, stdout } = await replay(at('audit.jsonl'), '--candidate', at(candidate), '-o', 'json');
      const { log, sides, changed } = JSON.parse(stdout) as Replay;
      expect({ candidate, code, changed }).toEqual({ candidate, code: 0, changed: [] });
      expect(log).toMatchObject({ lines: 8, decisions: 7, other: 1, foreign: 0, unreadable: 0 });
      expect(log).toMatchObject({ chained: 8, chain_breaks: 0, first_break: null });
      expect(sides).toMatchObject({ newly_denied: 0, newly_allowed: 0, other_action: 0, failed: 0 });
    }
  });

  it('names the decisions that change, by code and by line', async () => {
    const milder = await replayed(at('audit.jsonl'), '--candidate', at('milder.tar.gz'));
    expect(milder.sides).toMatchObject({ newly_allowed: 1, newly_denied: 0 });
    expect(milder.codes).toContainEqual(
      expect.objectContaining({ policy: 'length.limit', code: 'length.user_too_long', newly_allowed: 1 }),
    );
    const stricter = await replayed(at('audit.jsonl'), '--candidate', at('stricter.tar.gz'));
    expect(stricter.changed).toEqual([
      expect.objectContaining({
        phase: 'request',
        line: 1,
        result: 'newly_denied',
        before: 'allow',
        after: 'deny',
        reasons: ['newly_denied:team.models:team.models.deny'],
      }),
    ]);
    const [line] = readFileSync(at('audit.jsonl'), 'utf8').split('\n');
    expect(line).toContain(stricter.changed[0]?.decision_id);
  });

  it('says which policies the log cannot decide, instead of guessing', async () => {
    const { sides, undecidable } = await replayed(at('audit.jsonl'), '--candidate', at('curious.tar.gz'));
    expect(sides['undecided']).toBe(1);
    expect(undecidable).toContainEqual({ policy: 'team.arguments', fields: ['parts.arguments'], sides: 1 });
    const patterned = await replay(at('audit.jsonl'), '--candidate', at('patterned.tar.gz'), '-o', 'json');
    expect(patterned.code).toBe(65);
    expect(patterned.stderr).toContain('the log decides nothing');
    expect((JSON.parse(patterned.stdout) as Replay).sides).toMatchObject({ same: 0, undecided: 7 });
  });

  it('ends with 1 on the differences that are to fail, and only on these', async () => {
    const run = async (candidate: string, ...more: readonly string[]): Promise<number> =>
      (await replay(at('audit.jsonl'), '--candidate', at(candidate), ...more)).code;
    expect([
      await run('milder.tar.gz'),
      await run('milder.tar.gz', '--fail-on', 'newly-allowed'),
      await run('milder.tar.gz', '--fail-on', 'newly-denied'),
      await run('milder.tar.gz', '--fail-on', 'none'),
      await run('stricter.tar.gz', '--fail-on', 'newly-allowed'),
    ]).toEqual([1, 1, 0, 0, 0]);
  });

  it('compares with other policies than those that decided', async () => {
    const [milder, stricter] = [at('milder.tar.gz'), at('stricter.tar.gz')];
    const { sides } = await replayed(at('audit.jsonl'), '--candidate', stricter, '--baseline', milder);
    expect(sides).toMatchObject({ newly_denied: 2, newly_allowed: 0 });
    const same = await replay(at('audit.jsonl'), '--candidate', milder, '--baseline', milder);
    expect(same.code).toBe(0);
  });

  it('takes modes from the configuration of a sidecar', async () => {
    const upstreams = { openai: { provider: 'openai', url: 'https://api.openai.com' } };
    const policy = { directory: 'x', modes: { 'team.models': 'audit' } };
    await writeFile(at('postern.yaml'), JSON.stringify({ upstreams, policy }));
    const args = [at('audit.jsonl'), '--candidate', at('stricter.tar.gz')];
    expect((await replay(...args, '--config', at('postern.yaml'))).code).toBe(0);
  });

  it('counts lines that are torn, foreign or taken out, and goes on', async () => {
    const lines = readFileSync(at('audit.jsonl'), 'utf8').trimEnd().split('\n');
    const damaged = [lines[0], '{"level":"info"}', ...lines.slice(3), lines[0]?.slice(0, 80)];
    await writeFile(at('damaged.jsonl'), damaged.join('\n'));
    const { log, sides } = await replayed(at('damaged.jsonl'), '--candidate', at('milder.tar.gz'));
    expect(log).toMatchObject({ lines: 8, decisions: 5, foreign: 1, unreadable: 1 });
    expect(log).toMatchObject({ chain_breaks: 1, first_break: { line: 3 } });
    expect(sides['newly_allowed']).toBe(1);
  });

  it('writes a table for people and a summary for pull requests', async () => {
    const args = [at('audit.jsonl'), '--candidate', at('stricter.tar.gz')];
    const { stdout: table } = await replay(...args);
    expect(table).toContain('audit.jsonl: 7 decisions, their chain holds');
    expect(table).toMatch(/^ +1 {2}newly denied$/m);
    expect(table).toMatch(
      /request: newly denied, allow -> deny\n +newly_denied:team\.models:team\.models\.deny/,
    );
    const { stdout: markdown } = await replay(...args, '-o', 'markdown');
    expect(markdown).toMatch(/^### Replay of recorded traffic: 1 decision changes\n/);
    expect(markdown).toContain('| 1 | newly denied |');
    expect(markdown).toContain('<details>');
  });

  it('names no more decisions than asked for', async () => {
    const args = ['--candidate', at('stricter.tar.gz'), '--baseline', at('milder.tar.gz'), '--changes', '1'];
    const { changed, changed_left_off: left } = await replayed(at('audit.jsonl'), ...args);
    expect([changed.length, left]).toEqual([1, 1]);
  });

  it.each([
    [65, 'missing.jsonl cannot be read: ENOENT', ['$/missing.jsonl', '--candidate', '$/same.tar.gz']],
    [65, 'cannot be read: it is a directory', ['$/same', '--candidate', '$/same.tar.gz']],
    [65, 'the log decides nothing', ['$/same/config.json', '--candidate', '$/same.tar.gz']],
    [64, '--candidate is missing', ['$/audit.jsonl']],
    [64, 'missing.tar.gz cannot be read: ENOENT', ['$/audit.jsonl', '--candidate', '$/missing.tar.gz']],
    [64, '--fail-on is one of', ['$/audit.jsonl', '--candidate', '$/same', '--fail-on', 'all']],
    [64, '--changes is a whole number', ['$/audit.jsonl', '--candidate', '$/same', '--changes', '1.5']],
    [64, 'name one log', ['--candidate', '$/same.tar.gz']],
  ])('ends with %i: %s', async (expected, problem, args) => {
    const { code, stderr } = await replay(...args.map((arg) => arg.replace('$', room)));
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringContaining(problem) });
  });

  it('ends with 65 when the bundle is none, and with 1 when a directory does not compile', async () => {
    const bad = await replay(at('audit.jsonl'), '--candidate', at('same/config.json'));
    expect([bad.code, bad.stdout]).toEqual([65, expect.stringContaining('bundle.malformed')]);
    await mkdir(at('broken'));
    await writeFile(at('broken/a.rego'), 'package a\n\nb if');
    const broken = await replay(at('audit.jsonl'), '--candidate', at('broken'));
    expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('broken/a.rego:3')]);
  });
});
