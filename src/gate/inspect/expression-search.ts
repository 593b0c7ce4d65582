// The RE2 expression of a policy in, a search for it out: every match in the characters of a text as they stand.
import { ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';
import type { TextSpan } from '../canonicalise/index.ts';
import { compileExpression } from './expression.ts';
import { MeteredText } from './metered-text.ts';
import type { Meter } from './meter.ts';

export interface ExpressionSearch {
  /** What is kept of it in memory, in instructions. */
  readonly size: number;
  /** As RE2 finds them: the leftmost first, none in another, also those of no length; `most`, and one more at most. */
  readonly find: (text: string, meter: Meter, most: number) => readonly TextSpan[];
}

/** Every look at a character may move as many threads as the program has instructions. */
const INSTRUCTIONS_A_UNIT = 64;

export function createExpressionSearch(re2: unknown): Result<ExpressionSearch, string> {
  const compiled = compileExpression(re2);
  if (!compiled.ok) return compiled;
  const expression = compiled.value;
  const size = expression.programSize();
  const price = 1 + size / INSTRUCTIONS_A_UNIT;
  return ok({
    size,
    find: (text, meter, most) => {
      const found: TextSpan[] = [];
      // The engine takes whatever is a String, though its declaration says string.
      const metered = new MeteredText(text, meter, price) as unknown as string;
      // The test alone is many times faster than a search that reports places, and mostly says no.
      if (!expression.test(metered)) return found;
      const matcher = expression.matcher(metered);
      while (found.length <= most && matcher.find()) {
        meter.spend(size);
        found.push({ start: matcher.start(), end: matcher.end() });
      }
      return found;
    },
  });
}
