// What a detector is made of. The inspector looks for the anchors and phrases of all detectors at once.
import type { Severity } from '../../exchange/index.ts';
import type { View } from '../canonicalise/index.ts';

/** What a detector sees in one view; offsets are those of the view. */
export interface Sighting {
  readonly detector: string;
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
}

/** A shape in the text as it stands, tried only where its anchor is. */
export interface Shape {
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: number;
  /** Lower case; found in either case. */
  readonly anchors: readonly string[];
  /** Sticky and bounded. Its first group, if it has one, is what is reported. */
  readonly expression: RegExp;
  /** How far before the anchor the shape may begin; each is tried in turn. */
  readonly before?: readonly number[];
  /** UTF-16 units behind the anchor within which it may still be completed across white space; 0 when it holds none. */
  readonly spans?: number;
  /** A last look at what is reported. */
  readonly accepts?: (reported: string) => boolean;
}

/** Words looked for in the skeleton, whole words only. */
export interface Phrases {
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: number;
  readonly literals: readonly string[];
}

export interface Detector {
  readonly name: string;
  /** UTF-16 units within which it recognises anything. */
  readonly reach: number;
  readonly shapes?: readonly Shape[];
  readonly phrases?: readonly Phrases[];
  /** Reads a view in its own way; lazily, so that a flood can be cut off. */
  readonly read?: (view: View) => Iterable<Sighting>;
}
