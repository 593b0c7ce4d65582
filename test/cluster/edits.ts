// From kubectl apply of a policy until every pod has acknowledged it, again and again, as `postern policy wait` sees it.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { Cluster } from '../../src/cli/cluster/cluster.ts';
import { Following } from '../../src/cli/standing/follow-namespace.ts';
import { judgeWait } from '../../src/cli/standing/judge-wait.ts';
import { KUBECONFIG } from './command.ts';
import { noteFigures, summarise } from './figures.ts';

const EDITS = 20;
const LIMIT_MS = 30_000;

/** `edit` applies another policy each time. */
export async function measureEdits(
  { namespace, platform }: { readonly namespace: string; readonly platform: string },
  edit: (turn: number) => Promise<unknown>,
): Promise<string> {
  await using cluster = await Cluster.open({ kubeconfig: KUBECONFIG });
  using following = await Following.open(cluster, namespace, platform);
  const [applying, times]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < EDITS; turn += 1) {
    const before = following.sources.own;
    const began = performance.now();
    await edit(turn);
    const applied = performance.now();
    applying.push(applied - began);
    await settle(following, before);
    times.push(performance.now() - applied);
  }
  const figures = summarise(times);
  await noteFigures({ kubectl_apply_ms: summarise(applying), edit_to_acknowledged_ms: figures });
  return `p50 ${String(figures.p50)} ms, p99 ${String(figures.p99)} ms after kubectl apply had returned`;
}

/** Until all have what has come in the place of `before`. */
async function settle(following: Following, before: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    following.changes.reset();
    const { sources, status, pin } = following;
    const outlook = judgeWait(status, { sources, pin, digest: null });
    if (sources.own !== before && outlook.kind === 'done') return;
    assert.ok(performance.now() < end, `not acknowledged in time: ${JSON.stringify(outlook)}`);
    await following.changes.wait(end - performance.now());
  }
}
