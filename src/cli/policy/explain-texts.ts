// An input in; the same for an evaluator that finds the texts of its parts by handles, or on the parts, out.
import type { Part } from '../../exchange/index.ts';
import { TEXT_HANDLE } from '../../gate/decide/index.ts';

export type Texts = ReadonlyArray<Pick<Part, 'text'>>;

interface GivenPart {
  readonly text?: unknown;
  readonly [TEXT_HANDLE]?: unknown;
}

/** What people write carries texts, as in a test. */
export const textsIn = (input: object): Texts =>
  partsOf(input).map((part) => {
    const { text } = (part ?? {}) as GivenPart;
    return { text: typeof text === 'string' ? text : '' };
  });

/** For WASM, where the host has the texts. What was recorded has handles and no texts, in which nobody can look. */
export const withHandles = (input: object): object =>
  withParts(input, (part, index) => ({
    ...part,
    [TEXT_HANDLE]: typeof part.text === 'string' ? index : undefined,
  }));

/** For OPA's own evaluator, which has none. */
export const withTexts = (input: object, texts: Texts): object =>
  withParts(input, (part) => {
    const handle = part[TEXT_HANDLE];
    return typeof handle === 'number' ? { ...part, text: texts[handle]?.text } : part;
  });

const partsOf = (input: object): readonly unknown[] => {
  const { parts } = input as { readonly parts?: unknown };
  return Array.isArray(parts) ? parts : [];
};

const withParts = (input: object, change: (part: GivenPart, index: number) => object): object => {
  const parts = partsOf(input);
  const changed = parts.map((part, index) =>
    typeof part === 'object' && part !== null ? change(part, index) : part,
  );
  return parts.length === 0 ? input : { ...input, parts: changed };
};
