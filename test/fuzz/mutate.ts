// An input and what else is known in; another input out, near the first, decided by a seeded generator.

export type Random = (below: number) => number;

/** mulberry32: small, and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

export interface Material {
  readonly words: readonly string[];
  /** Of which pieces are spliced in. */
  readonly others: readonly Buffer[];
}

const LONGEST_BYTES = 16_384;
const NASTY = [
  0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xed, 0xef,
  0xf4, 0xff,
];

export function mutate(input: Buffer, material: Material, random: Random): Buffer {
  let changed = input;
  for (let left = 1 + random(4); left > 0; left -= 1) changed = change(changed, material, random);
  return changed.subarray(0, LONGEST_BYTES);
}

interface Place {
  readonly input: Buffer;
  readonly at: number;
  readonly end: number;
}

type Change = (place: Place, random: Random, material: Material) => Buffer;

const CHANGES: readonly Change[] = [
  ({ input, at }, random) => replace(input, [at, at + 1], Buffer.of(random(256))),
  ({ input, at }, random) => replace(input, [at, at], Buffer.of(NASTY[random(NASTY.length)] ?? 0)),
  ({ input, at, end }) => replace(input, [at, end], Buffer.alloc(0)),
  ({ input, at, end }) => replace(input, [at, at], input.subarray(at, end)),
  ({ input, at, end }, random, { words }) =>
    replace(input, [at, random(2) === 0 ? at : end], Buffer.from(words[random(words.length)] ?? '')),
  ({ input, at }, random) => replace(input, [at, at + 1], Buffer.of((input[at] ?? 0) ^ (1 << random(8)))),
  ({ input }, random, { others }) => splice(input, others[random(others.length)] ?? input, random),
];

function change(input: Buffer, material: Material, random: Random): Buffer {
  const at = random(input.length + 1);
  const end = Math.min(input.length, at + 1 + random(random(4) === 0 ? 64 : 4));
  return CHANGES[random(CHANGES.length)]?.({ input, at, end }, random, material) ?? input;
}

const replace = (input: Buffer, [start, end]: readonly [number, number], by: Uint8Array): Buffer =>
  Buffer.concat([input.subarray(0, start), by, input.subarray(end)]);

function splice(input: Buffer, other: Buffer, random: Random): Buffer {
  const from = random(other.length + 1);
  const piece = other.subarray(from, from + 1 + random(128));
  const at = random(input.length + 1);
  return replace(input, [at, at], piece);
}
