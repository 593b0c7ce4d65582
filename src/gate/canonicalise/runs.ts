// A text in, its long unbroken runs of letters, digits and `+/_-` out: what may be encoded, or random.

/** What a run is made of, as bits. */
export const RUN = { lowerHex: 1, lower: 2, upperHex: 4, upper: 8, digit: 16, symbol: 32 } as const;

export interface Run {
  readonly start: number;
  readonly end: number;
  /** Sum of the `RUN` bits of its characters. */
  readonly made: number;
}

const SHORTEST = 20;

const classify = (char: string): number => {
  if (/[a-f]/.test(char)) return RUN.lowerHex;
  if (/[g-z]/.test(char)) return RUN.lower;
  if (/[A-F]/.test(char)) return RUN.upperHex;
  if (/[G-Z]/.test(char)) return RUN.upper;
  if (/\d/.test(char)) return RUN.digit;
  return /[+/_-]/.test(char) ? RUN.symbol : 0;
};

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classify(String.fromCharCode(code)));

const classAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < 128 ? (CLASSES[code] as number) : 0;
};

const readRun = (text: string, start: number): Run => {
  let end = start;
  let made = 0;
  for (let bit = classAt(text, end); bit !== 0; bit = classAt(text, end)) {
    made |= bit;
    end += 1;
  }
  return { start, end, made };
};

/** Looks backwards from where the shortest run would end, so that most of a prose text is never read. */
export const findRuns = (text: string): readonly Run[] => {
  const runs: Run[] = [];
  let start = 0;
  while (start + SHORTEST <= text.length) {
    let at = start + SHORTEST - 1;
    while (at >= start && classAt(text, at) !== 0) at -= 1;
    if (at < start) {
      const run = readRun(text, start);
      runs.push(run);
      at = run.end;
    }
    start = at + 1;
  }
  return runs;
};
