// Recorded facts in; texts of the lengths that they tell of out: obligations may name parts and places, which must exist.
import type { Part } from '../../exchange/index.ts';

const MOST_CHARACTERS = 8_388_608;

/** Blank: whoever reads what stands in them cannot be decided from a log anyway. */
export function standInTexts(input: object): ReadonlyArray<Pick<Part, 'text'>> {
  const { parts } = input as { readonly parts?: unknown };
  let left = MOST_CHARACTERS;
  return (Array.isArray(parts) ? parts : []).map((part) => {
    const { chars } = (part ?? {}) as { readonly chars?: unknown };
    const length = typeof chars === 'number' && chars >= 0 && chars <= left ? Math.floor(chars) : 0;
    left -= length;
    return { text: ' '.repeat(length) };
  });
}
