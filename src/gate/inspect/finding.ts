// What this room returns for a text alone, and what it is told about the text.
import type { Finding, Origin, PartKind } from '../../exchange/index.ts';
import type { Borders } from './borders.ts';

/** A finding in a text that is not (yet) a part of a message: a window of a stream. */
export type TextFinding = Omit<Finding, 'part'>;

/** Where a text comes from; patterns may be limited by it. */
export interface TextContext {
  readonly origin: Origin;
  /** `<choice>.<block>.<kind>`, as on a part. */
  readonly lane: string;
  readonly kind: PartKind;
  /** Where its parts meet, when several are read as one. */
  readonly borders?: Borders;
}
