// A text as a detector may read it, with the way back to the places of the source.

/**
 * `raw`: as sent. `stripped`: without invisible characters, compatibility forms resolved. `folded`: the skeleton
 * that phrases are matched on. `compact`: spaced-out spellings, joined.
 */
export type ViewName = 'raw' | 'stripped' | 'folded' | 'compact';

/** How the text of a view stood in the source; all but `plain` were decoded, and map to the whole encoded run. */
export type Encoding = 'plain' | 'base64' | 'hex' | 'url';

/** UTF-16 offsets, half open. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export interface View {
  readonly name: ViewName;
  readonly encoding: Encoding;
  readonly text: string;
  /** Whether the source is: then what follows from other characters need not be looked for. */
  readonly isAscii: boolean;
  /** False where the limit on decoding left something of this run unread. */
  readonly complete: boolean;
  /** A span of the source that holds what the span of this view was made from. */
  readonly sourceSpan: (start: number, end: number) => TextSpan;
}

const itself = (start: number, end: number): TextSpan => ({ start, end });

export const viewRaw = (text: string, isAscii: boolean): View => ({
  name: 'raw',
  encoding: 'plain',
  text,
  isAscii,
  complete: true,
  sourceSpan: itself,
});
