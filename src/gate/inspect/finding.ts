// What the detectors of this room return, and what they are told about the text they read.
import type { Finding, Origin, PartKind } from '../../exchange/index.ts';

/** A finding in a text that is not (yet) a part of a message: a window of a stream. */
export type TextFinding = Omit<Finding, 'part'>;

/** Where a text comes from; patterns may be limited by it. */
export interface TextContext {
  readonly origin: Origin;
  readonly lane: string;
  readonly kind: PartKind;
}
