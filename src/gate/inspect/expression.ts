// The text of an RE2 expression in, the expression out, or why it is none. It never backtracks, whatever it is.
import { RE2JS } from 're2js';
import { err, ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';

const LONGEST_EXPRESSION = 1000;
const LARGEST_PROGRAM = 5000;

export function compileExpression(re2: unknown): Result<RE2JS, string> {
  if (typeof re2 !== 'string' || re2.length === 0 || re2.length > LONGEST_EXPRESSION) {
    return err(`must be a text of 1 to ${String(LONGEST_EXPRESSION)} characters`);
  }
  const compiled = compile(re2);
  if (compiled === null) return err('is not an RE2 expression');
  return compiled.programSize() > LARGEST_PROGRAM ? err('is too large a program') : ok(compiled);
}

function compile(expression: string): RE2JS | null {
  try {
    return RE2JS.compile(expression);
  } catch {
    // The engine throws for every expression that is not RE2's; its message quotes the expression, so it stays here.
    return null;
  }
}
