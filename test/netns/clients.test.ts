// Real clients that know nothing of Postern, in modes that they are not asked about: one question answered, one refused.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasPython, PYTHON } from '../support/sdk-clients.ts';
import { whyNot } from './namespaces.ts';
import { LLM, MARK, UIDS } from './places.ts';
import { Pod } from './pod.ts';

const CLIENTS = join(import.meta.dirname, 'clients');
const reason = whyNot();

const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const PLAIN = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello.' }] });
const CURL = `for body in '${PLAIN}' "$BODY"; do curl -s -o /dev/null -w '%{http_code} ' -H 'content-type: application/json' -H 'authorization: Bearer k' -d "$body" https://${LLM.name}/v1/chat/completions; done`;

const node = (client: string): string[] => [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  join(CLIENTS, 'ask.ts'),
  client,
];
const python = (client: string): string[] => [PYTHON, '-B', join(CLIENTS, 'ask.py'), client];

interface Client {
  readonly name: string;
  readonly command: readonly string[];
  readonly isThere: boolean;
}

const made = join(tmpdir(), `postern-clients-${process.pid}`);

const ALL: readonly Client[] = [
  { name: 'curl', command: ['sh', '-c', CURL], isThere: true },
  ...['urllib', 'requests', 'httpx', 'openai'].map((client) => ({
    name: `Python ${client}`,
    command: python(client),
    isThere: hasPython,
  })),
  ...['fetch', 'undici', 'openai'].map((client) => ({
    name: `Node ${client}`,
    command: node(client),
    isThere: true,
  })),
  { name: 'Go net/http', command: [made], isThere: isThere('go') },
  { name: 'Java HttpClient', command: ['java', join(CLIENTS, 'Ask.java')], isThere: isThere('java') },
];

for (const { name } of ALL.filter(({ isThere: canRun }) => !canRun))
  process.stderr.write(`SKIP: ${name} in network namespaces: it is not installed\n`);
if (reason !== null) process.stderr.write(`SKIP: clients in network namespaces: ${reason}\n`);

(reason === null ? describe : describe.skip).each(['redirect', 'hosts'] as const)('in mode %s', (mode) => {
  let pod: Pod;
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'postern-home-'));
    if (isThere('go')) {
      const built = spawnSync('go', ['build', '-o', made, join(CLIENTS, 'ask.go')], { encoding: 'utf8' });
      if (built.status !== 0) throw new Error(built.stderr);
    }
    pod = await Pod.start(mode);
  });
  afterAll(async () => {
    await pod[Symbol.asyncDispose]();
    await rm(home, { recursive: true });
    await rm(made, { force: true });
  });

  const ask = async (command: readonly string[]) => {
    const { output, hits, code } = await pod.try(command, UIDS.app, { MARK });
    return {
      code,
      statuses: output.trim().split('\n').at(-1)?.trim(),
      marked: hits.map(({ marked }) => marked),
    };
  };

  it.each(ALL.filter(({ isThere: canRun }) => canRun))(
    '$name is answered, and refused as by the provider itself',
    async ({ command }) => {
      expect(await ask(command)).toEqual({ code: 0, statuses: '200 400', marked: [false] });
    },
  );
});
