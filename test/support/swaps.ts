// Bundles swapped under a sidecar while it serves refusals, answers and live streams; what became of each, counted.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLlm } from '../../src/demo/llm/index.ts';
import { compilePolicies, readBuiltin } from '../../src/policy/compiler/index.ts';
import { readBundle } from '../../src/policy/index.ts';
import { MountedConfigMap } from './kubelet.ts';
import { startPostern, type Postern } from './postern.ts';
import { requireCompiler, sourcesOf } from './rego.ts';
import { until } from './until.ts';

export interface SwapOptions {
  readonly swaps: number;
  /** Swaps a second; 0 is as fast as they can be. */
  readonly rate: number;
  /** Every so many swaps a broken bundle comes between. */
  readonly brokenEvery: number;
}

export interface SwapReport {
  readonly seconds: number;
  /** From the turned link to the digest in the status, milliseconds. */
  readonly latenciesMs: readonly number[];
  readonly refused: number;
  readonly answered: number;
  readonly streamed: number;
  /** Anything that a client would call a failure: resets, other statuses, streams without their end. */
  readonly failures: readonly string[];
  readonly decisions: number;
  /** Decisions under no known digest, exchanges under two, texts of one bundle with data of another. */
  readonly mixtures: readonly string[];
  readonly brokenNoticed: number;
  /** Resident memory of the sidecar, MiB, after each tenth of the swaps. */
  readonly residentMib: readonly number[];
}

const VERSIONS = ['alpha', 'beta'] as const;
const REFUSED_MODEL = 'not-here';
const STREAMS = 4;
/** Between two requests of a client: swaps are to meet traffic, not a queue. */
const THINKING_MS = 5;

export async function swapUnderLoad({ swaps, rate, brokenEvery }: SwapOptions): Promise<SwapReport> {
  await using stack = new AsyncDisposableStack();
  const bundles = await buildVersions();
  const llm = stack.adopt(await startLlm({ pauseMs: 5, chunkCharacters: 3 }), (server) => server.close());
  const volume = stack.use(await MountedConfigMap.mount({ 'bundle.tar.gz': bundles[0].bytes }));
  const postern = stack.use(
    await startPostern({
      upstreams: { openai: { provider: 'openai', url: llm.url } },
      settings: { policy: { directory: volume.directory }, audit: { file: '$FOLDER/audit.jsonl' } },
    }),
  );
  const traffic = startTraffic(postern);
  const latenciesMs: number[] = [];
  const resident: number[] = [];
  let brokenNoticed = 0;
  const startMs = performance.now();
  for (let swap = 1; swap <= swaps; swap += 1) {
    if (swap % brokenEvery === 0) {
      await volume.update({ 'bundle.tar.gz': bundles[0].bytes.subarray(0, 1000 + swap) });
      await settle(postern, ({ state }) => state === 'degraded');
      brokenNoticed += 1;
    }
    const { bytes, digest } = bundles[swap % 2 === 0 ? 0 : 1];
    const turnedMs = performance.now();
    await volume.update({ 'bundle.tar.gz': bytes });
    await settle(postern, (status) => status.digest === digest && status.state === 'ok');
    latenciesMs.push(performance.now() - turnedMs);
    if (swap % Math.ceil(swaps / 10) === 0) resident.push(await residentMib(postern));
    if (rate > 0) await pause(startMs + (swap * 1000) / rate - performance.now());
  }
  const seconds = (performance.now() - startMs) / 1000;
  const counts = await traffic.stop();
  const judged = await readAudit(
    join(postern.folder, 'audit.jsonl'),
    new Set(bundles.map(({ digest }) => digest)),
  );
  return {
    seconds,
    latenciesMs,
    ...counts,
    ...judged,
    mixtures: [...counts.mixtures, ...judged.mixtures],
    brokenNoticed,
    residentMib: resident,
  };
}

interface Version {
  readonly bytes: Buffer;
  readonly digest: string;
}

/** Code and data of one version bear the same name, so that a mixture shows in what a caller is told. */
async function buildVersions(): Promise<[Version, Version]> {
  const compiler = await requireCompiler();
  const builtin = await readBuiltin();
  const build = async (version: string): Promise<Version> => {
    const rego = `package postern.policies.team.version

deny contains sprintf("code ${version}, data %s.", [data.config.version]) if input.model == "${REFUSED_MODEL}"
`;
    const own = sourcesOf({ 'version.rego': rego, 'config.yaml': `version: ${version}` });
    const bytes = await compilePolicies(own, { compiler, builtin, revision: version });
    if (!bytes.ok) throw new Error(JSON.stringify(bytes.error));
    const bundle = readBundle(bytes.value);
    if (!bundle.ok) throw new Error(bundle.error.message);
    return { bytes: bytes.value, digest: bundle.value.digest };
  };
  return [await build(VERSIONS[0]), await build(VERSIONS[1])];
}

type Status = Awaited<ReturnType<Postern['status']>>;

const settle = (postern: Postern, isThere: (status: Status) => boolean): Promise<void> =>
  until('the swap is in force', async () => isThere(await postern.status()), 30_000);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

interface Counts {
  refused: number;
  answered: number;
  streamed: number;
  readonly failures: string[];
  readonly mixtures: string[];
}

function startTraffic(postern: Postern): { stop(): Promise<Counts> } {
  const counts: Counts = { refused: 0, answered: 0, streamed: 0, failures: [], mixtures: [] };
  const over = new AbortController();
  const repeat = async (act: () => Promise<void>): Promise<void> => {
    while (!over.signal.aborted) {
      await act().catch((error: unknown) => void counts.failures.push(String(error)));
      await pause(THINKING_MS);
    }
  };
  const running = [
    repeat(() => askRefused(postern, counts)),
    repeat(() => askAnswered(postern, counts)),
    ...Array.from({ length: STREAMS }, () => repeat(() => askStreamed(postern, counts))),
  ];
  return {
    stop: async () => {
      over.abort();
      await Promise.all(running);
      return counts;
    },
  };
}

async function ask(postern: Postern, over: object): Promise<{ status: number; text: string }> {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Tell me about gates.' }], ...over };
  const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

async function askRefused(postern: Postern, counts: Counts): Promise<void> {
  const { status, text } = await ask(postern, { model: REFUSED_MODEL });
  const said = /code (\w+), data (\w+)\./.exec(text);
  if (said === null) counts.failures.push(`a refusal was ${String(status)}: ${text.slice(0, 200)}`);
  else if (said[1] !== said[2]) counts.mixtures.push(said[0]);
  else counts.refused += 1;
}

async function askAnswered(postern: Postern, counts: Counts): Promise<void> {
  const { status, text } = await ask(postern, {});
  if (status === 200) counts.answered += 1;
  else counts.failures.push(`an answer was ${String(status)}: ${text.slice(0, 200)}`);
}

async function askStreamed(postern: Postern, counts: Counts): Promise<void> {
  const { status, text } = await ask(postern, { stream: true });
  if (status === 200 && text.endsWith('data: [DONE]\n\n')) counts.streamed += 1;
  else counts.failures.push(`a stream was ${String(status)} and ended with ${text.slice(-100)}`);
}

async function readAudit(
  file: string,
  known: ReadonlySet<string>,
): Promise<Pick<SwapReport, 'decisions' | 'mixtures'>> {
  const digests = new Map<string, string>();
  const mixtures: string[] = [];
  let decisions = 0;
  for (const line of (await readFile(file, 'utf8')).trim().split('\n')) {
    const entry = JSON.parse(line) as { decision_id?: string; bundles?: { postern: { revision: string } } };
    if (entry.bundles === undefined || entry.decision_id === undefined) continue;
    const { revision } = entry.bundles.postern;
    const first = digests.get(entry.decision_id) ?? revision;
    digests.set(entry.decision_id, first);
    decisions += 1;
    if (!known.has(revision) || first !== revision) mixtures.push(line);
  }
  return { decisions, mixtures };
}

async function residentMib({ child }: Postern): Promise<number> {
  const status = await readFile(`/proc/${String(child.pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
