// A text in, every view of it that detectors read out.
import type { View } from './view.ts';

const viewRaw = (text: string): View => ({
  name: 'raw',
  encoding: 'plain',
  text,
  complete: true,
  sourceSpan: (start, end) => ({ start, end }),
});

export const canonicalise = (text: string): readonly View[] => [viewRaw(text)];
