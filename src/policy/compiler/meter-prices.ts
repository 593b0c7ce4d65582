// Functions with their stretches in, where a tick must stand and what it costs out.
import type { Body, Stretch } from './meter-stretches.ts';

/** One unit of fuel: so many instructions run in some 2 ns to 5 ns. */
const UNIT_INSTRUCTIONS = 64;
/** A function that does more than this without a loop ticks itself; below it, its callers pay. */
const LONGEST_UNPAID = 256;

export interface Prices {
  ticksAtEntry(this: void, body: Body): boolean;
  /** In units of fuel: all that the stretch can run until the next tick. */
  priceOf(this: void, stretch: Stretch): number;
}

/**
 * Every way round a cycle of calls comes back to a function that is still open when it is first walked, so a tick at
 * the entry of these cuts them all. A function that calls another twice, which calls another twice, is no cycle and
 * has no loop, but doubles with each: therefore what is long ticks too.
 */
export function priceTicks(bodies: readonly Body[]): Prices {
  const byName = new Map(bodies.map((body) => [body.name, body]));
  const ticking = new Set<string>();
  const costs = new Map<string, number>();
  const open = new Set<string>();
  const costOf = ({ instructions, callees }: Stretch): number =>
    callees.reduce((sum, name) => sum + (ticking.has(name) ? 0 : (costs.get(name) ?? 0)), instructions);
  const walk = (body: Body): void => {
    open.add(body.name);
    for (const name of calleesOf(body)) {
      if (open.has(name)) ticking.add(name);
      const callee = costs.has(name) || open.has(name) ? undefined : byName.get(name);
      if (callee !== undefined) walk(callee);
    }
    open.delete(body.name);
    const cost = costOf(body.entry);
    costs.set(body.name, cost);
    if (cost > LONGEST_UNPAID) ticking.add(body.name);
  };
  for (const body of bodies) if (!costs.has(body.name)) walk(body);
  return {
    ticksAtEntry: ({ name }) => ticking.has(name),
    priceOf: (stretch) => Math.ceil(costOf(stretch) / UNIT_INSTRUCTIONS),
  };
}

const calleesOf = ({ entry, loops }: Body): Set<string> =>
  new Set([entry, ...loops].flatMap(({ callees }) => callees));
