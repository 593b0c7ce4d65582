// How long the API server takes to admit a pod, with our webhook asked and without, one by one and in turn.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { openClient, type Client } from '../../src/cluster/reflect/index.ts';
import { KUBECONFIG } from './command.ts';
import { noteFigures, summarise } from './figures.ts';

const PAIRS = 300;

interface Spaces {
  readonly injected: string;
  readonly plain: string;
}

export async function measureAdmission({ injected, plain }: Spaces): Promise<string> {
  await using client = await openClient({ kubeconfig: KUBECONFIG });
  const [with_, without]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < PAIRS; turn += 1) {
    with_.push(await admit(client, injected));
    without.push(await admit(client, plain));
  }
  const figures = { injected: summarise(with_), plain: summarise(without) };
  await noteFigures({
    admission_ms: { ...figures, added_p50: round(figures.injected.p50 - figures.plain.p50) },
  });
  return `p99 ${String(figures.injected.p99)} ms, without our webhook ${String(figures.plain.p99)} ms`;
}

/** Nothing is made of it. */
async function admit(client: Client, namespace: string): Promise<number> {
  const began = performance.now();
  const answer = await client.ask({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: { dryRun: 'All' },
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'try-' },
      spec: { containers: [{ name: 'app', image: 'localhost/peers:test' }] },
    },
  });
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return performance.now() - began;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
