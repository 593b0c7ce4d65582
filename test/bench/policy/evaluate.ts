// The built-in policies asked about chats of every size, beside the same module given the whole text; in turn, in one run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as OpaWasm from '@open-policy-agent/opa-wasm';
import type { Part, Route } from '../../../src/exchange/index.ts';
import { factsOfRequest, type Facts } from '../../../src/gate/decide/index.ts';
import { codecOf, findOperation } from '../../../src/gate/decode/index.ts';
import {
  decideFacts,
  openSnapshot,
  readBundle,
  type Bundle,
  type Snapshot,
} from '../../../src/policy/index.ts';
import { percentile } from '../report.ts';

const ROOT = join(import.meta.dirname, '../../..');
const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as typeof OpaWasm;

const ROUNDS = 30;
const CALLS = 100;
const WARM_CALLS = 3_000;
const KB = 1_000;

export interface Evaluations {
  readonly chat: string;
  readonly p50Us: number;
  readonly p99Us: number;
  /** The same verdicts from the same module, its whole input with every text given to opa-wasm. */
  readonly wholeTextP50Us: number;
}

interface Chat {
  readonly name: string;
  readonly facts: Facts;
  readonly wholeText: object;
}

export async function measureEvaluations(): Promise<readonly Evaluations[]> {
  const bundle = buildBuiltIn();
  const snapshot = await openSnapshot(bundle, {});
  if (!snapshot.ok) throw new Error(JSON.stringify(snapshot.error));
  const peer = loadPolicySync(new Uint8Array(bundle.wasm), { initial: 64, maximum: 1024 });
  peer.setData(bundle.data);
  const chats = [
    aChat('2 turns, 1 kB', 2, KB, snapshot.value),
    aChat('2 turns, 10 kB', 2, 10 * KB, snapshot.value),
    aChat('2 turns, 100 kB', 2, 100 * KB, snapshot.value),
    aChat('2 turns, 1 MB', 2, 1000 * KB, snapshot.value),
    aChat('20 turns, 10 kB', 20, 10 * KB, snapshot.value),
    aChat('100 turns, 100 kB', 100, 100 * KB, snapshot.value),
  ];
  return compare(chats, snapshot.value, peer);
}

function compare(chats: readonly Chat[], snapshot: Snapshot, peer: OpaWasm.LoadedPolicy): Evaluations[] {
  const samples = chats.map((chat) => ({ chat, ours: [] as number[], theirs: [] as number[] }));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { chat, ours, theirs } of samples) {
      const calls = round < 0 ? WARM_CALLS : CALLS;
      const mine = timeCalls(calls, () => decideFacts(chat.facts, snapshot));
      const few = Math.max(3, Math.round(calls / 10));
      const other = timeCalls(few, () => peer.evaluate(chat.wholeText, 'postern/main/result'));
      if (round < 0) continue;
      ours.push(...mine);
      theirs.push(...other);
    }
  }
  return samples.map(({ chat, ours, theirs }) => ({
    chat: chat.name,
    p50Us: percentile(ours, 0.5),
    p99Us: percentile(ours, 0.99),
    wholeTextP50Us: percentile(theirs, 0.5),
  }));
}

function timeCalls(calls: number, act: () => unknown): number[] {
  const took: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const startMs = performance.now();
    act();
    took.push((performance.now() - startMs) * 1000);
  }
  return took;
}

/** In a process of its own: the compiler changes how its process compiles WebAssembly. */
function buildBuiltIn(): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  const file = join(folder, 'bundle.tar.gz');
  const args = [join(ROOT, 'src/main.ts'), 'policy', 'build', join(ROOT, 'rego/postern'), '--bundle', file];
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const bundle = readBundle(readFileSync(file));
  rmSync(folder, { recursive: true });
  if (!bundle.ok) throw new Error(bundle.error.message);
  return bundle.value;
}

const OPERATION = findOperation('openai', 'POST', '/v1/chat/completions');

function aChat(name: string, turns: number, bytes: number, snapshot: Snapshot): Chat {
  if (OPERATION === null) throw new Error('There is no such operation.');
  const route: Route = {
    upstream: { name: 'openai', provider: 'openai', url: new URL('https://api.openai.com') },
    operation: OPERATION,
  };
  const messages = Array.from({ length: turns }, (_, turn) => ({
    role: turn === 0 ? 'system' : turn % 2 === 0 ? 'assistant' : 'user',
    content: 'The gate keeper asked what the visitor wanted. '
      .repeat(bytes / turns / 47 + 1)
      .slice(0, bytes / turns),
  }));
  const body = Buffer.from(JSON.stringify({ model: 'gpt-4o', messages }));
  const message = codecOf(OPERATION).decodeRequest(body);
  if (!message.ok) throw new Error(message.error.code);
  const facts = factsOfRequest(message.value, {
    route,
    findings: snapshot.inspector.inspectParts(message.value.parts),
  });
  return { name, facts, wholeText: describeWhole(facts) };
}

/** What an embedding without facts would hand over: everything that was said. */
const describeWhole = ({ route, ...facts }: Facts): object => ({
  ...facts,
  provider: route.upstream.provider,
  parts: facts.parts.map((part: Part) => ({ ...part, chars: part.text.length })),
});
