// Many words in, one Aho-Corasick automaton out: every occurrence of every word in one pass over a text.

export interface Automaton {
  /** Calls back with the index of each word found and the offset behind it; stops when the answer is false. */
  readonly scan: (text: string, onWord: (word: number, end: number) => boolean) => void;
  /** The length of the longest end of a text that a word may begin with. */
  readonly measureOpen: (text: string) => number;
}

interface AutomatonOptions {
  /** ASCII letters match in either case; the words must be lower case. */
  readonly ignoreCase: boolean;
}

/** Table cells that an automaton may have: 4 bytes each. */
export const AUTOMATON_LIMIT = 2_000_000;

/** An upper bound of the cells that words need. */
export const countCells = (words: readonly string[]): number => {
  const units = new Set(words.flatMap((word) => word.split('')));
  const states = words.reduce((sum, word) => sum + word.length, 1);
  return states * (units.size + 1);
};

interface Trie {
  readonly classes: Uint16Array;
  readonly width: number;
  /** Row after row: the next state for each class of unit. */
  readonly next: Int32Array;
  readonly words: number[][];
  /** How far from the root each state is. */
  readonly depths: number[];
  readonly states: number;
}

const classify = (
  words: readonly string[],
  { ignoreCase }: AutomatonOptions,
): { classes: Uint16Array; width: number } => {
  const classes = new Uint16Array(0x10000);
  const units = [...new Set(words.flatMap((word) => word.split('')))];
  for (const [index, unit] of units.entries()) {
    classes[unit.charCodeAt(0)] = index + 1;
    if (ignoreCase && unit >= 'a' && unit <= 'z') classes[unit.toUpperCase().charCodeAt(0)] = index + 1;
  }
  return { classes, width: units.length + 1 };
};

const growTrie = (words: readonly string[], options: AutomatonOptions): Trie => {
  const { classes, width } = classify(words, options);
  const next = new Int32Array(words.reduce((sum, word) => sum + word.length, 1) * width);
  const found: number[][] = [[]];
  const depths = [0];
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (let i = 0; i < word.length; i += 1) {
      const cell = state * width + (classes[word.charCodeAt(i)] ?? 0);
      if (next[cell] === 0) {
        next[cell] = found.length;
        found.push([]);
        depths.push(i + 1);
      }
      state = next[cell] ?? 0;
    }
    found[state]?.push(index);
  }
  // Words share beginnings: most rows of the first table were never begun.
  return {
    classes,
    width,
    next: next.slice(0, found.length * width),
    words: found,
    depths,
    states: found.length,
  };
};

/** Breadth first: a missing edge is taken over from the longest proper suffix, whose words are found as well. */
const linkSuffixes = ({ width, next, words, states }: Trie): void => {
  const suffix = new Int32Array(states);
  const queue = Array.from(next.subarray(0, width)).filter((state) => state !== 0);
  for (const state of queue) {
    const [row, behind] = [state * width, (suffix[state] ?? 0) * width];
    words[state]?.push(...(words[suffix[state] ?? 0] ?? []));
    for (let unit = 0; unit < width; unit += 1) {
      const inherited = next[behind + unit] as number;
      const child = next[row + unit] as number;
      if (child === 0) next[row + unit] = inherited;
      else {
        suffix[child] = inherited;
        queue.push(child);
      }
    }
  }
};

/** In place: a table of states becomes one of rows. */
const toRows = ({ width, next, words }: Trie): Int32Array => {
  const rowOf = Int32Array.from(words, (found, state) =>
    found.length === 0 ? state * width : ~(state * width),
  );
  for (let cell = 0; cell < next.length; cell += 1) next[cell] = rowOf[next[cell] as number] as number;
  return next;
};

interface Table {
  readonly classes: Uint16Array;
  /** Row offsets instead of states, negative where words end: a step is two look-ups and one test. */
  readonly rows: Int32Array;
}

interface Place {
  row: number;
  at: number;
}

/** Goes on to the next place where a word ends; the loop that every character of every text passes. */
const advance = ({ classes, rows }: Table, text: string, place: Place): boolean => {
  let { row } = place;
  const { length } = text;
  for (let i = place.at; i < length; i += 1) {
    row = rows[row + (classes[text.charCodeAt(i)] as number)] as number;
    if (row < 0) {
      place.row = ~row;
      place.at = i + 1;
      return true;
    }
  }
  place.row = row;
  place.at = length;
  return false;
};

export const buildAutomaton = (words: readonly string[], options: AutomatonOptions): Automaton => {
  const trie = growTrie(words, options);
  linkSuffixes(trie);
  const { classes, width, words: found, depths } = trie;
  const table = { classes, rows: toRows(trie) };

  return {
    scan: (text, onWord) => {
      const place = { row: 0, at: 0 };
      while (advance(table, text, place)) {
        if (!(found[place.row / width] ?? []).every((word) => onWord(word, place.at))) return;
      }
    },
    measureOpen: (text) => {
      const place = { row: 0, at: 0 };
      while (place.at < text.length) advance(table, text, place);
      return depths[place.row / width] ?? 0;
    },
  };
};
