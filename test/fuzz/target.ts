// What a fuzz target is: bytes in, and an error thrown when the parser does what no input may make it do.

export interface FuzzTarget {
  readonly name: string;
  /** Files to begin with, and tokens that mutations may insert. */
  readonly seeds: readonly Buffer[];
  readonly words: readonly string[];
  /** @throws when the input is mistreated. A refusal is no mistreatment. */
  run(this: void, input: Buffer): void;
}

export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
