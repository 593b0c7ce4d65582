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
    const found = { detector, code, severity, confidence, origin: this.#origin, start, end };
    this.findings.push(this.findings.length < this.#limit ? found : overflowOf(found));
    return !this.isFull;
  }
}

/** Says at the place of a finding that from there on there was more than can be told. */
export const overflowOf = ({ origin, start, end }: TextFinding): TextFinding => ({
  detector: 'inspect',
  code: 'inspect.overflow',
  severity: 'high',
  confidence: 1,
  origin,
  start,
  end,
});
