// What a sidecar adds to the start of a pod: the same pod with one and without, in turn, from its creation until its application runs.
import { performance } from 'node:perf_hooks';
import { kubectl } from './command.ts';
import { noteFigures, summarise } from './figures.ts';

const PAIRS = 6;

interface Spaces {
  /** Name of the figure -> namespace. */
  readonly injected: Readonly<Record<string, string>>;
  readonly plain: string;
}

export async function measureStart(
  { injected, plain }: Spaces,
  create: (namespace: string, name: string) => Promise<unknown>,
): Promise<string> {
  const spaces = Object.entries({ ...injected, plain });
  const times = new Map(spaces.map(([figure]) => [figure, [] as number[]]));
  for (let turn = 0; turn < PAIRS; turn += 1)
    for (const [figure, namespace] of spaces)
      times.get(figure)?.push(await startOne({ namespace, name: `start-${String(turn)}` }, create));
  const figures = Object.fromEntries([...times].map(([figure, all]) => [figure, summarise(all)]));
  const bare = figures['plain']?.p50 ?? 0;
  const added = Object.keys(injected).map((figure) => [
    figure,
    Math.round((figures[figure]?.p50 ?? 0) - bare),
  ]);
  const addedMs = Object.fromEntries(added) as Record<string, number>;
  await noteFigures({ pod_start_ms: { ...figures, added_p50: addedMs } });
  return Object.entries(addedMs)
    .map(([figure, ms]) => `${figure} adds ${String(ms)} ms`)
    .join(', ');
}

async function startOne(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  create: (namespace: string, name: string) => Promise<unknown>,
): Promise<number> {
  const began = performance.now();
  await create(namespace, name);
  await kubectl('-n', namespace, 'wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s');
  const took = performance.now() - began;
  await kubectl('-n', namespace, 'delete', 'pod', name, '--grace-period=1', '--timeout=30s');
  return took;
}
