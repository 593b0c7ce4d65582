// Shapes in, a reader of texts out: one pass finds all anchors, and only there an expression is tried.
import { buildAutomaton } from './automaton.ts';
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

const matchAt = (text: string, at: number, shape: Shape): { start: number; end: number } | null => {
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

const tryShape = (text: string, anchorStart: number, { detector, shape }: Anchored): Sighting | null => {
  for (const before of shape.before ?? HERE) {
    const at = anchorStart - before;
    const span = at < 0 ? null : matchAt(text, at, shape);
    if (span !== null) {
      return { detector, code: shape.code, severity: shape.severity, confidence: shape.confidence, ...span };
    }
  }
  return null;
};

export interface ShapeReader {
  readonly read: (text: string, take: Take) => void;
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
    read: (text, take) => {
      /** The end of the last match of each shape: what lies inside one is not tried again. */
      const ends = new Map<Shape, number>();
      automaton.scan(text, (word, end) =>
        (groups[word] ?? []).every((candidate) => {
          if (end - candidate.anchorLength < (ends.get(candidate.shape) ?? 0)) return true;
          const sighting = tryShape(text, end - candidate.anchorLength, candidate);
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
