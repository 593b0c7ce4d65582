// Answers as they were said and heard in, what that took each piece of them out: by dialect and target.
import { percentile } from '../report.ts';
import { DIALECTS, type Answer, type Dialect } from './answers.ts';
import type { Heard } from './listen.ts';

export const TARGETS = ['direct', 'pass-through', 'postern'] as const;
export type TargetName = (typeof TARGETS)[number];

export interface Series {
  /** From the question to the first piece. */
  readonly firstMs: number[];
  /** The same, counted from what let that piece go. */
  readonly firstAfterReleaseMs: number[];
  readonly gapMs: number[];
  /** From when that was said which let a piece go, until the piece was heard. */
  readonly afterReleaseMs: number[];
  /** For how many pieces more each was held. */
  readonly heldEvents: number[];
}

export interface Sample extends Series {
  readonly dialect: Dialect;
  readonly target: TargetName;
}

export interface Take extends Heard {
  readonly answer: Answer;
  /** For each frame, the one that lets it go. */
  readonly releases: readonly number[];
}

export const createSamples = (): Sample[] =>
  DIALECTS.flatMap((dialect) =>
    TARGETS.map((target) => ({
      dialect,
      target,
      firstMs: [],
      firstAfterReleaseMs: [],
      gapMs: [],
      afterReleaseMs: [],
      heldEvents: [],
    })),
  );

const at = (values: readonly number[], index: number): number => values[index] ?? Number.NaN;

export function noteFirst(sample: Sample, { answer, heard, said, releases }: Take): void {
  const first = at(answer.texts, 0);
  sample.firstMs.push(at(heard, first));
  sample.firstAfterReleaseMs.push(at(heard, first) - at(said, at(releases, first)));
}

export function noteAll(sample: Sample, take: Take): void {
  noteFirst(sample, take);
  const { answer, heard, said, releases } = take;
  for (const [position, index] of answer.texts.entries()) {
    sample.afterReleaseMs.push(at(heard, index) - at(said, at(releases, index)));
    sample.heldEvents.push(at(releases, index) - index);
    if (position > 0) sample.gapMs.push(at(heard, index) - at(heard, index - 1));
  }
}

/** What a target adds to the direct connection, in the dialect where it adds most. */
export function findAdded(
  samples: readonly Sample[],
  target: TargetName,
): (series: keyof Series, rank: number) => number {
  const of = (dialect: Dialect, name: TargetName): Sample => {
    const found = samples.find((sample) => sample.dialect === dialect && sample.target === name);
    if (found === undefined) throw new Error(`no samples of ${name}`);
    return found;
  };
  return (series, rank) =>
    Math.max(
      ...DIALECTS.map(
        (dialect) =>
          percentile(of(dialect, target)[series], rank) - percentile(of(dialect, 'direct')[series], rank),
      ),
    );
}
