// Shapes in, a reader of texts out: one pass finds all anchors, and only there an expression is tried.
import type { TextSpan } from '../canonicalise/index.ts';
import { buildAutomaton } from './automaton.ts';
import type { Borders } from './borders.ts';
import type { Detector, Shape, Sighting } from './detector.ts';
import type { Take } from './take.ts';

interface Anchored {
  readonly detector: string;
  readonly shape: Shape;
  readonly anchorLength: number;
}

const HERE = [0];

const listAnchored = (detectors: readonly Detector[]): ReadonlyMap<string, readonly Anchored[]> => {
  const entries = detectors.flatMap(({ name, shapes = [] }) =>
    shapes.flatMap((shape) =>
      shape.anchors.map((anchor) => ({ anchor, detector: name, shape, anchorLength: anchor.length })),
    ),
  );
  return Map.groupBy(entries, ({ anchor }) => anchor);
};

const matchAt = (text: string, at: number, shape: Shape): TextSpan | null => {
  const { expression } = shape;
  expression.lastIndex = at;
  const match = expression.exec(text);
  if (match === null) return null;
  const reported = match[1] ?? match[0];
  if (shape.accepts?.(reported) === false) return null;
  // A group stands at the end of its match, or before one last character.
  const start = match[1] === undefined ? at : at + match[0].lastIndexOf(reported);
  return { start, end: start + reported.length };
};

/** So many parts may meet behind the beginning of a shape that ends where one ends. */
const MOST_BORDERS = 8;

interface Place {
  readonly text: string;
  readonly at: number;
}

/** As if the text began where a part begins, or ended where one ends: what stands beyond is not of the same text. */
const matchBetween = ({ text, at }: Place, shape: Shape, borders: Borders): TextSpan | null => {
  const from = borders.has(at) ? at : 0;
  const ends = [...(from === 0 ? [] : [text.length]), ...borders.after(at, MOST_BORDERS)];
  for (const end of ends) {
    const span = matchAt(text.slice(from, end), at - from, shape);
    if (span !== null) return { start: from + span.start, end: from + span.end };
  }
  return null;
};

const findAt = ({ text, at }: Place, shape: Shape, borders: Borders | undefined): TextSpan | null => {
  if (at < 0) return null;
  const span = matchAt(text, at, shape);
  return span === null && borders !== undefined ? matchBetween({ text, at }, shape, borders) : span;
};

const tryShape = (
  { text, at: anchorStart }: Place,
  { detector, shape }: Anchored,
  borders: Borders | undefined,
): Sighting | null => {
  for (const before of shape.before ?? HERE) {
    const span = findAt({ text, at: anchorStart - before }, shape, borders);
    if (span !== null) {
      return { detector, code: shape.code, severity: shape.severity, confidence: shape.confidence, ...span };
    }
  }
  return null;
};

export interface ShapeReader {
  readonly read: (text: string, take: Take, borders?: Borders) => void;
  /** The first offset from which a shape may still be completed by text that follows. */
  readonly findOpen: (text: string) => number;
}

const startOf = ({ shape, anchorLength }: Anchored, end: number): number =>
  Math.max(0, end - anchorLength - Math.max(...(shape.before ?? HERE)));

export const createShapeReader = (detectors: readonly Detector[]): ShapeReader => {
  const anchored = listAnchored(detectors);
  const groups = [...anchored.values()];
  const automaton = buildAutomaton([...anchored.keys()], { ignoreCase: true });

  return {
    read: (text, take, borders) => {
      /** The end of the last match of each shape: what lies inside one is not tried again. */
      const ends = new Map<Shape, number>();
      automaton.scan(text, (word, end) =>
        (groups[word] ?? []).every((candidate) => {
          if (end - candidate.anchorLength < (ends.get(candidate.shape) ?? 0)) return true;
          const sighting = tryShape({ text, at: end - candidate.anchorLength }, candidate, borders);
          if (sighting === null) return true;
          ends.set(candidate.shape, sighting.end);
          return take(sighting);
        }),
      );
    },
    findOpen: (text) => {
      let open = text.length - automaton.measureOpen(text);
      automaton.scan(text, (word, end) => {
        for (const candidate of groups[word] ?? []) {
          const isOpen = text.length - end <= (candidate.shape.spans ?? 0);
          if (isOpen) open = Math.min(open, startOf(candidate, end));
        }
        return true;
      });
      return open;
    },
  };
};
