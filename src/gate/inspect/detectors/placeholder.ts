// A value in, whether it only stands for a secret: an example, a variable, a mask.

const STANDS_FOR =
  /example|placeholder|redacted|changeme|change_me|replace|dummy|your[-_ ]|[-_]here|x{5}|\*{3}|\.{3}|•|0{8}|1234567|abcdef|process\.env|os\.environ|getenv|secrets\./i;
const REFERENCE = /^(?:[$<{[%&(]|!(?:ref|sub|vault)\b)/i;
/** A random value of this length repeats itself less. */
const FEWEST_DISTINCT = 6;

export const isPlaceholder = (value: string): boolean =>
  STANDS_FOR.test(value) || REFERENCE.test(value) || new Set(value).size < FEWEST_DISTINCT;
