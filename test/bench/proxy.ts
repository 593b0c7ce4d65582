// make bench SUITE=proxy: the same chat request against an upstream directly, through a bare pass-through, through Postern
// with every guard and trace on, and through Portkey's gateway with no guard; in turn, in one run, so that ratios hold.
import { measureLatency, measureThroughput } from './load.ts';
import { median, report, type Figures } from './report.ts';
import { startTargets, type Target } from './targets.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const SECONDS = Number(process.env['SECONDS'] ?? 4);

interface Samples {
  readonly target: Target;
  readonly perSecond: number[];
  readonly p50Us: number[];
}

await using targets = await startTargets();
const samples: Samples[] = targets.list.map((target) => ({ target, perSecond: [], p50Us: [] }));

for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { target, perSecond, p50Us } of samples) {
    process.stderr.write(`\r\u001b[Kround ${round}/${ROUNDS} ${target.name} …`);
    const rate = await measureThroughput(target, round === 0 ? 2 : SECONDS);
    const latency = await measureLatency(target, round === 0 ? 200 : 1_000);
    if (round === 0) continue; // warms everything up, in the order that is measured
    perSecond.push(rate);
    p50Us.push(latency);
  }
}
process.stderr.write('\r\u001b[K');

const of = (name: string): Samples => {
  const found = samples.find(({ target }) => target.name === name);
  if (found === undefined) throw new Error(`no target ${name}`);
  return found;
};
const ratios = (a: number[], b: number[]): number =>
  median(a.map((value, i) => value / (b[i] ?? Number.NaN)));

const [direct, bare, postern, portkey] = [of('direct'), of('pass-through'), of('postern'), of('portkey')];
const added = (sample: Samples): number[] =>
  sample.p50Us.map((value, i) => value - (direct.p50Us[i] ?? Number.NaN));
const figures: Figures = {
  ratio_to_passthrough: ratios(postern.perSecond, bare.perSecond),
  ratio_to_portkey: ratios(postern.perSecond, portkey.perSecond),
  added_p50_ratio_to_passthrough: ratios(added(postern), added(bare)),
  added_p50_us: median(added(postern)),
  passthrough_added_p50_us: median(added(bare)),
};
const rows = samples.map(({ target, perSecond, p50Us }) => ({
  target: target.name,
  'req/s (16 connections, median)': Math.round(median(perSecond)),
  'p50 µs (1 connection)': Math.round(median(p50Us)),
  'resident MiB after load': target.residentMib(),
}));
await report('proxy', {
  rows,
  figures,
  notes: [`${ROUNDS} rounds of ${SECONDS} s, targets in turn; 1 kB chat, 0.5 kB answer`],
});
