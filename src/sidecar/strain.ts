// How strained this process is, looked at four times a second; what it sheds, from the gentlest to the hardest, out.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { OverloadLimits } from '../config/index.ts';

/** What is shed, each with all before it: nothing, idle connections, new exchanges, the newest streams. */
export const SHEDDING = ['nothing', 'idle', 'new', 'streams'] as const;
export type Shedding = (typeof SHEDDING)[number];

export interface Strain {
  /** Share of the usable heap that is in use, garbage included. */
  readonly heap: number;
  /** How late the event loop came to one in ten of its chores, at least. */
  readonly delayMs: number;
}

const LOOK_MS = 250;
const RESOLUTION_MS = 20;
/** Of the heap's limit. V8 gives up where four fifths of it are in use and collecting does not help. */
const USABLE = 0.75;
/** What was true all this time: a heap is full of garbage now and then, and one long prompt is no overload. */
const LOOKS = 4;

export function sheddingFor(recent: readonly Strain[], limits: OverloadLimits): Shedding {
  if (recent.length < LOOKS) return 'nothing';
  const heap = Math.min(...recent.map((strain) => strain.heap));
  const delayMs = Math.min(...recent.map((strain) => strain.delayMs));
  if (heap >= limits.cutAt) return 'streams';
  if (heap >= limits.refuseAt || delayMs >= limits.delayMs) return 'new';
  return heap >= limits.closeAt ? 'idle' : 'nothing';
}

export class StrainGauge implements Disposable {
  readonly #limits: OverloadLimits;
  readonly #look: NodeJS.Timeout;
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #told: (shedding: Shedding) => void;
  #recent: readonly Strain[] = [];

  /** `told` hears every look. */
  constructor(limits: OverloadLimits, told: (shedding: Shedding) => void) {
    this.#limits = limits;
    this.#told = told;
    this.#delays.enable();
    this.#look = setInterval(() => this.#takeLook(), LOOK_MS).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#look);
    this.#delays.disable();
  }

  #takeLook(): void {
    this.#recent = [...this.#recent, this.#measure()].slice(-LOOKS);
    this.#told(sheddingFor(this.#recent, this.#limits));
  }

  #measure(): Strain {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    const delayMs = Math.max(this.#delays.percentile(90) / 1e6 - RESOLUTION_MS, 0);
    this.#delays.reset();
    return { heap: used / (limit * USABLE), delayMs };
  }
}
