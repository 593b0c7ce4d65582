// Policies that a controller has: how they come to a sidecar, what it says of them, and what it does without the controller.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { runCommand } from '../support/cli.ts';
import { StandInController } from '../support/controller.ts';
import { freePort, startPostern, stop, type Postern } from '../support/postern.ts';
import { until } from '../support/until.ts';

let folder: string;
let llm: LlmServer;
let controller: StandInController;
let postern: Postern;

/** With this as the longest message. */
async function build(name: string, longest: number): Promise<Buffer> {
  const sources = join(folder, name);
  await mkdir(sources);
  await writeFile(join(sources, 'config.json'), JSON.stringify({ max_user_length: longest }));
  await runCommand('policy', 'build', sources, '--bundle', join(folder, `${name}.tar.gz`));
  return readFile(join(folder, `${name}.tar.gz`));
}

const settings = (): object => ({
  policy: {
    directory: join(folder, 'kept'),
    controller: {
      url: `https://127.0.0.1:${String(controller.port)}`,
      token_file: join(folder, 'token'),
      ca_file: join(folder, 'ca.pem'),
      seed_directory: join(folder, 'seed'),
    },
  },
});

const start = (): Promise<Postern> =>
  startPostern({
    upstreams: { openai: { provider: 'openai', url: llm.url } },
    settings: settings() as Record<string, unknown>,
  });

/** Whether so long a message passes. */
async function passes(characters: number, at = postern): Promise<boolean> {
  const { status } = await fetch(`${at.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'word '.repeat(characters / 5) }],
    }),
  });
  return status === 200;
}

interface Source {
  readonly state: string;
  readonly lastContactAtMs: number | null;
}
const sourceOf = async (): Promise<Source> =>
  ((await (await fetch(`${postern.admin}/status`)).json()) as { policy: { source: Source } }).policy.source;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-courier-'));
  llm = await startLlm();
  controller = await StandInController.prepare(await freePort());
  await mkdir(join(folder, 'seed'));
  await writeFile(join(folder, 'seed', 'bundle.tar.gz'), await build('small', 50));
  await writeFile(join(folder, 'token'), 'first\n');
  await writeFile(join(folder, 'ca.pem'), controller.authority);
  postern = await start();
});
afterAll(async () => {
  await postern[Symbol.asyncDispose]();
  await controller[Symbol.asyncDispose]();
  await llm.close();
  await rm(folder, { recursive: true });
});

describe('a sidecar that has its policies of a controller', () => {
  it('begins with what was mounted while nobody answers there, and says so', async () => {
    expect([await passes(50), await passes(100)]).toEqual([true, false]);
    await until('that it is away', async () => (await sourceOf()).state === 'away');
    expect((await sourceOf()).lastContactAtMs).toBeNull();
  });

  it('takes what the controller has as soon as it is there, and says what became of it', async () => {
    controller.offer('a', await build('middle', 200));
    await controller.open();
    await until('the new policies', () => passes(150));
    await until('that it is heard', () => controller.heard.some(({ state }) => state === 'ok'));
    const { digest } = await postern.status();
    await until('its digest', () => controller.heard.at(-1)?.digest === digest);
    expect((await sourceOf()).state).toBe('ok');
    const metrics = await (await fetch(`${postern.admin}/metrics`)).text();
    expect(metrics).toMatch(/postern_policy_source_age_seconds\w*(\{.*\})? \d/);
    expect(controller.tokens).toEqual(new Set(['Bearer first']));
  });

  it('takes an edit at once, and shows a new token once it has one', async () => {
    await writeFile(join(folder, 'token'), 'second\n');
    controller.offer('b', await build('large', 1_000));
    await until('the edit', () => passes(900));
    await until('the new token', () => controller.tokens.has('Bearer second'));
  });

  it('keeps the good one when a bundle is none, tells why, and does not ask for it again and again', async () => {
    const before = controller.asked;
    controller.offer('c', Buffer.from('no bundle'));
    await until('that it is heard', () => controller.heard.at(-1)?.state === 'degraded');
    expect(controller.heard.at(-1)?.issues[0]?.message).toMatch(/\w/);
    await pause(500);
    expect(controller.asked - before).toBeLessThanOrEqual(2);
    expect(await passes(900)).toBe(true);
    controller.offer('d', await build('largest', 2_000));
    await until('the next good one', () => passes(1_900));
    await until('that it is heard', () => controller.heard.at(-1)?.state === 'ok');
  });

  it('asks nobody who cannot prove to be the controller', async () => {
    await writeFile(join(folder, 'ca.pem'), (await StandInController.prepare(1)).authority);
    await controller.close();
    await until('that it is away', async () => (await sourceOf()).state === 'away');
    const before = controller.asked;
    await controller.open();
    await pause(2_000);
    expect([controller.asked, await passes(1_900)]).toEqual([before, true]);
    await controller.close();
  });

  it('begins again with the last good one, whatever was mounted', async () => {
    await stop(postern.child);
    await using again = await start();
    expect(await passes(1_900, again)).toBe(true);
  });
});
