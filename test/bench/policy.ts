// make bench SUITE=policy: what a decision costs by the size of the prompt, what bounds cost, and swaps under load.
import { swapUnderLoad } from '../support/swaps.ts';
import { measureEvaluations, type Evaluations } from './policy/evaluate.ts';
import { measureFuel } from './policy/fuel.ts';
import { compileModules } from './policy/modules.ts';
import { measureRefusals } from './policy/refuse.ts';
import { measureSearches } from './policy/search.ts';
import { percentile, report } from './report.ts';

const SWAPS = Number(process.env['SWAPS'] ?? 1_000);
/** A second: 1,000 in a minute. */
const RATE = 1_000 / 60;

const modules = compileModules();
const evaluations = await measureEvaluations(modules.builtIn.unmetered);
const fuel = await measureFuel(modules.builtIn);
const searches = await measureSearches(modules.searching);
const refusals = await measureRefusals(modules.hostile);
process.stderr.write(
  `swapping ${String(SWAPS)} bundles under load, about ${String(Math.ceil(SWAPS / RATE))} s …\n`,
);
// Last: what builds its bundles changes how this process compiles WebAssembly.
const swaps = await swapUnderLoad({ swaps: SWAPS, rate: RATE, brokenEvery: 10 });

const of = (chat: string): Evaluations => {
  const found = evaluations.find((each) => each.chat === chat);
  if (found === undefined) throw new Error(`no chat ${chat}`);
  return found;
};
const tenth = (index: number): number => swaps.residentMib.at(index) ?? Number.NaN;

await report('policy', {
  rows: evaluations.map(({ chat, p50Us, p99Us, wholeTextP50Us }) => ({
    chat,
    'decision p50 µs': p50Us.toFixed(1),
    'p99 µs': p99Us.toFixed(1),
    'opa-wasm given the whole text, p50 µs': wholeTextP50Us.toFixed(1),
  })),
  figures: {
    p50_us: of('2 turns, 1 kB').p50Us,
    p99_us: of('2 turns, 1 kB').p99Us,
    ratio_100kb_to_1kb: of('2 turns, 100 kB').p50Us / of('2 turns, 1 kB').p50Us,
    p50_us_100_turns: of('100 turns, 100 kB').p50Us,
    whole_text_ratio_100kb: of('2 turns, 100 kB').wholeTextP50Us / of('2 turns, 100 kB').p50Us,
    ...Object.fromEntries(
      searches.map(({ length, askedP50Us, plainP50Us }) => [
        `search_ratio_${String(length / 1_000)}kb`,
        plainP50Us / askedP50Us,
      ]),
    ),
    fuel_overhead: fuel.meteredP50Us / fuel.unmeteredP50Us,
    fuel_share_used: fuel.shareUsed,
    refused_ms: Math.max(...refusals.map(({ refusedMs }) => refusedMs)),
    refused_next_ms: Math.max(...refusals.map(({ nextMs }) => nextMs)),
    swaps: swaps.latenciesMs.length,
    swaps_seconds: swaps.seconds,
    swap_p50_ms: percentile(swaps.latenciesMs, 0.5),
    swap_p99_ms: percentile(swaps.latenciesMs, 0.99),
    swap_exchanges: swaps.refused + swaps.answered + swaps.streamed,
    swap_failures: swaps.failures.length,
    swap_mixtures: swaps.mixtures.length,
    rss_after_100_swaps_mib: tenth(0),
    rss_after_swaps_mib: tenth(-1),
  },
  notes: [
    'the built-in policies; a decision is: facts to input, WASM, verdicts, fold',
    ...searches.map(
      ({ length, askedP50Us, plainP50Us }) =>
        `search: twenty phrases in ${String(length / 1_000)} kB, postern.contains_any ${askedP50Us.toFixed(1)} µs, contains(lower(p.text), …) ${plainP50Us.toFixed(1)} µs`,
    ),
    `fuel: one module with and without its ticks, ${fuel.meteredP50Us.toFixed(1)} and ${fuel.unmeteredP50Us.toFixed(1)} µs; share of what 2 turns may use`,
    ...refusals.map(
      ({ policy, code, refusedMs, nextMs }) =>
        `refused: ${policy}, ${code} after ${refusedMs.toFixed(1)} ms at most; one asked behind it was answered after ${nextMs.toFixed(1)} ms`,
    ),
    `swaps: alternating bundles, a broken one before every tenth, ${String(swaps.streamed)} streams meanwhile; latency from the turned link to the status`,
  ],
});
if (swaps.failures.length + swaps.mixtures.length > 0) {
  process.stderr.write(`${[...swaps.failures, ...swaps.mixtures].slice(0, 10).join('\n')}\n`);
  process.exitCode = 1;
}
