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

export const createShapeReader = (detectors: readonly Detector[]): ((text: string, take: Take) => void) => {
  const anchored = listAnchored(detectors);
  const groups = [...anchored.values()];
  const automaton = buildAutomaton([...anchored.keys()], { ignoreCase: true });

  return (text, take) => {
    /** The end of the last match of each shape: what lies inside one is not tried again. */
    const ends = new Map<Shape, number>();
    automaton.scan(text, (word, end) =>
      (groups[word] ?? []).every((candidate) => {
        const start = end - candidate.anchorLength;
        if (start < (ends.get(candidate.shape) ?? 0)) return true;
        const sighting = tryShape(text, start, candidate);
        if (sighting === null) return true;
        ends.set(candidate.shape, sighting.end);
        return take(sighting);
      }),
    );
  };
};
