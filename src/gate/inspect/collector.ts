// Sightings in views in, findings in the source out: each place once for each code, and no more than the limit.
import type { Origin } from '../../exchange/index.ts';
import type { View } from '../canonicalise/index.ts';
import type { Sighting } from './detector.ts';
import type { TextFinding } from './finding.ts';

/** Findings of one message; after them one more says that there were more. */
export const FINDING_LIMIT = 256;

export class Collector {
  readonly findings: TextFinding[] = [];
  readonly #seen = new Set<string>();
  readonly #origin: Origin;
  readonly #limit: number;

  constructor(origin: Origin, limit: number) {
    this.#origin = origin;
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.findings.length > this.#limit;
  }

  take(view: View, { detector, code, severity, confidence, ...place }: Sighting): boolean {
    const { start, end } = view.sourceSpan(place.start, place.end);
    const key = `${code} ${String(start)} ${String(end)}`;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    this.findings.push(
      this.findings.length < this.#limit
        ? { detector, code, severity, confidence, origin: this.#origin, start, end }
        : this.#overflow(start, end),
    );
    return !this.isFull;
  }

  #overflow(start: number, end: number): TextFinding {
    const said = { detector: 'inspect', code: 'inspect.overflow', severity: 'high', confidence: 1 } as const;
    return { ...said, origin: this.#origin, start, end };
  }
}
