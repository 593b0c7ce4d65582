// A word that nobody knows and those that are known in; the one that was meant out, or null where that is a guess.

/** A letter too many, too few, wrong, or two that changed places; short words have room for less. */
const MOST_SLIPS = 2;

/** A prefix, a slash and a name, as Kubernetes has them: what is longer was never meant to be one that is known. */
const LONGEST = 253 + 1 + 63;
const MOST_KNOWN = 256;

function findNearest(word: string, known: Iterable<string>): string | null {
  if (word.length > LONGEST) return null;
  const allowed = Math.min(MOST_SLIPS, Math.floor(word.length / 2));
  let best: { readonly name: string; readonly slips: number } | null = null;
  for (const name of [...known].slice(0, MOST_KNOWN)) {
    if (Math.abs(word.length - name.length) > allowed) continue;
    const slips = countSlips(word, name);
    if (slips <= allowed && slips < (best?.slips ?? Infinity)) best = { name, slips };
  }
  return best?.name ?? null;
}

/** `; did you mean …?`, or nothing. */
export function suggestNearest(word: string, known: Iterable<string>): string {
  const nearest = findNearest(word, known);
  return nearest === null ? '' : `; did you mean ${nearest}?`;
}

/** Optimal string alignment, near the diagonal: who is further from it slipped more often. The last three rows are all it needs. */
function countSlips(from: string, to: string): number {
  let before: readonly number[] = [];
  let last = rowOf((col) => (col < 0 ? Infinity : col));
  for (let row = 1; row <= from.length; row += 1) {
    const next = fillRow({ from, to, row }, last, before);
    [before, last] = [last, next];
  }
  return last[to.length - from.length + MOST_SLIPS] ?? Infinity;
}

/** Of columns from two before the diagonal to two behind it, by how far they are. */
const rowOf = (slipsAt: (distance: number) => number): readonly number[] =>
  Array.from({ length: 2 * MOST_SLIPS + 1 }, (_, index) => slipsAt(index - MOST_SLIPS));

interface Words {
  readonly from: string;
  readonly to: string;
  readonly row: number;
}

function fillRow(
  { from, to, row }: Words,
  last: readonly number[],
  before: readonly number[],
): readonly number[] {
  let left = Infinity;
  return rowOf((distance) => {
    const [col, at] = [row + distance, distance + MOST_SLIPS];
    const isSame = from[row - 1] === to[col - 1];
    const isSwapped = from[row - 1] === to[col - 2] && from[row - 2] === to[col - 1];
    const slips = Math.min(
      (last[at + 1] ?? Infinity) + 1,
      left + 1,
      (last[at] ?? Infinity) + (isSame ? 0 : 1),
      isSwapped ? (before[at] ?? Infinity) + 1 : Infinity,
    );
    left = col > 0 ? slips : col === 0 ? row : Infinity;
    return left;
  });
}
