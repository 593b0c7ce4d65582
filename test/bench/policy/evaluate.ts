// The built-in policies asked about chats of every size, beside the same module given the whole text; in turn, in one run.
import { createRequire } from 'node:module';
import type * as OpaWasm from '@open-policy-agent/opa-wasm';
import type { Part } from '../../../src/exchange/index.ts';
import type { Facts } from '../../../src/gate/decide/index.ts';
import { decideFacts, type Snapshot } from '../../../src/policy/index.ts';
import { openBuiltIn } from '../built-in.ts';
import { percentile } from '../report.ts';
import { aChat } from './chats.ts';

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
}

/** `unmetered` is the same module, for an embedding that knows of no fuel. */
export async function measureEvaluations(unmetered: Uint8Array): Promise<readonly Evaluations[]> {
  const { bundle, snapshot } = await openBuiltIn();
  const peer = loadPolicySync(new Uint8Array(unmetered), { initial: 64, maximum: 1024 });
  peer.setData(bundle.data);
  const chats = [
    { name: '2 turns, 1 kB', facts: aChat(2, KB, snapshot) },
    { name: '2 turns, 10 kB', facts: aChat(2, 10 * KB, snapshot) },
    { name: '2 turns, 100 kB', facts: aChat(2, 100 * KB, snapshot) },
    { name: '2 turns, 1 MB', facts: aChat(2, 1000 * KB, snapshot) },
    { name: '20 turns, 10 kB', facts: aChat(20, 10 * KB, snapshot) },
    { name: '100 turns, 100 kB', facts: aChat(100, 100 * KB, snapshot) },
  ];
  return compare(chats, snapshot, peer);
}

function compare(chats: readonly Chat[], snapshot: Snapshot, peer: OpaWasm.LoadedPolicy): Evaluations[] {
  const samples = chats.map((chat) => ({
    chat,
    wholeText: describeWhole(chat.facts),
    ours: [] as number[],
    theirs: [] as number[],
  }));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { chat, wholeText, ours, theirs } of samples) {
      const calls = round < 0 ? WARM_CALLS : CALLS;
      const mine = timeCalls(calls, () => decideFacts(chat.facts, snapshot));
      const few = Math.max(3, Math.round(calls / 10));
      const other = timeCalls(few, () => peer.evaluate(wholeText, 'postern/main/result'));
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

/** What an embedding without facts would hand over: everything that was said. */
const describeWhole = ({ route, ...facts }: Facts): object => ({
  ...facts,
  provider: route.upstream.provider,
  parts: facts.parts.map((part: Part) => ({ ...part, chars: part.text.length })),
});
