// A text and spans in, the text with something else in their places out. Spans that overlap are one.

interface Span {
  readonly start: number;
  readonly end: number;
}

/** In order, without overlaps; a merged span keeps what its first one says. */
export const mergeSpans = <T extends Span>(spans: readonly T[]): readonly T[] => {
  const merged: T[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = merged.at(-1);
    if (before === undefined || span.start >= before.end) merged.push(span);
    else if (span.end > before.end) merged[merged.length - 1] = { ...before, end: span.end };
  }
  return merged;
};

export const replaceSpans = <T extends Span>(
  text: string,
  spans: readonly T[],
  replace: (span: T) => string,
): string => {
  const pieces: string[] = [];
  let at = 0;
  for (const span of mergeSpans(spans)) {
    pieces.push(text.slice(at, span.start), replace(span));
    at = span.end;
  }
  return pieces.join('') + text.slice(at);
};
