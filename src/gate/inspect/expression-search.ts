// The RE2 expression of a policy in, a search for it out: every match in the characters of a text as they stand.
import type { RE2JS } from 're2js';
import { ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';
import type { TextSpan } from '../canonicalise/index.ts';
import { compileExpression } from './expression.ts';
import { MeteredText } from './metered-text.ts';
import type { Meter } from './meter.ts';

export interface ExpressionSearch {
  /** What is kept of it in memory, in bytes, with all that the engine may learn of it. */
  readonly size: number;
  /** As RE2 finds them: the leftmost first, none in another, also those of no length; `most`, and one more at most. */
  readonly find: (text: string, meter: Meter, most: number) => readonly TextSpan[];
}

const INSTRUCTION_BYTES = 256;
/** The engine keeps what it met, 8 MiB for each expression: texts can be made to fill that. Beyond, it is only slower. */
const LEARNT_BYTES = 512 * 1024;
/** What an instruction costs that one way to match has come to; and one that is learnt, or backtracked to. */
const FOLLOWED = 1 / 4;
const LEARNT = 2;

export function createExpressionSearch(re2: unknown): Result<ExpressionSearch, string> {
  const compiled = compileExpression(re2);
  if (!compiled.ok) return compiled;
  const expression = compiled.value;
  const instructions = expression.programSize();
  limitLearning(expression);
  const payTo = meterInstructions(expression);
  return ok({
    size: LEARNT_BYTES + instructions * INSTRUCTION_BYTES,
    find: (text, meter, most) => {
      payTo(meter);
      const found: TextSpan[] = [];
      const metered = new MeteredText(text, meter) as unknown as string;
      // The test alone is many times faster than a search that reports places, and mostly says no.
      if (!expression.test(metered)) return found;
      const matcher = expression.matcher(metered);
      while (found.length <= most && matcher.find()) {
        meter.spend(instructions * FOLLOWED);
        found.push({ start: matcher.start(), end: matcher.end() });
      }
      return found;
    },
  });
}

function limitLearning(expression: RE2JS): void {
  const { dfa } = expression.re2();
  dfa.stateBudget = LEARNT_BYTES;
  dfa.memBudget = LEARNT_BYTES;
}

/** A look at a character may be one step, or one for each way to match that is open: so instructions are counted too. */
function meterInstructions(expression: RE2JS): (meter: Meter) => void {
  const prog = expression.re2().prog as Prog;
  const { inst } = prog;
  let meter: Meter | null = null;
  Object.defineProperties(prog, {
    inst: {
      get: () => {
        meter?.spend(FOLLOWED);
        return inst;
      },
    },
    getInst: {
      value: (at: number) => {
        meter?.spend(LEARNT);
        return inst[at];
      },
    },
  });
  return (searching) => {
    meter = searching;
  };
}

/** The program of the engine, as far as it has to be known here. */
interface Prog {
  readonly inst: readonly unknown[];
}
