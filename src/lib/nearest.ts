// A word that nobody knows and those that are known in; the one that was meant out, or null where that is a guess.

/** A letter too many, too few, wrong, or two that changed places; short words have room for less. */
const MOST_SLIPS = 2;

function findNearest(word: string, known: Iterable<string>): string | null {
  const allowed = Math.min(MOST_SLIPS, Math.floor(word.length / 2));
  let best: { readonly name: string; readonly slips: number } | null = null;
  for (const name of known) {
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

/** Optimal string alignment: the last three rows of its table are all it needs. */
function countSlips(from: string, to: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const next = fillRow({ from, to, row }, last, before);
    [before, last] = [last, next];
  }
  return last[to.length] ?? 0;
}

interface Words {
  readonly from: string;
  readonly to: string;
  readonly row: number;
}

function fillRow({ from, to, row }: Words, last: readonly number[], before: readonly number[]): number[] {
  const next = [row];
  for (let col = 1; col <= to.length; col += 1) {
    const isSame = from[row - 1] === to[col - 1];
    const isSwapped = from[row - 1] === to[col - 2] && from[row - 2] === to[col - 1];
    next.push(
      Math.min(
        (last[col] ?? Infinity) + 1,
        (next[col - 1] ?? Infinity) + 1,
        (last[col - 1] ?? Infinity) + (isSame ? 0 : 1),
        isSwapped ? (before[col - 2] ?? Infinity) + 1 : Infinity,
      ),
    );
  }
  return next;
}
