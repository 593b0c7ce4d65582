// The text of a data file in, JSON out, or where it is not that. YAML 1.2, of which JSON is a part.
import { load, YAMLException } from 'js-yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Aliases may stand for far more than is written. */
const MOST_VALUES = 1_000_000;

export function parseDocument(file: string, text: string): Result<Json, PolicyIssue> {
  try {
    const value = load(text);
    const fault = findFault(value, { left: MOST_VALUES });
    return fault === null ? ok(value as Json) : err(wholeIssue('data.not_json', fault, file));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const issue = wholeIssue('data.syntax', error.reason, file);
    return err(error.mark === undefined ? issue : { ...issue, ...placeOf(error.mark) });
  }
}

const placeOf = ({ line, column }: { line: number; column: number }): { row: number; col: number } => ({
  row: line + 1,
  col: column + 1,
});

function findFault(value: unknown, budget: { left: number }): string | null {
  budget.left -= 1;
  if (budget.left < 0) return `It holds more than ${String(MOST_VALUES)} values.`;
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) {
      const fault = findFault(item, budget);
      if (fault !== null) return fault;
    }
    return null;
  }
  return value === null || isScalar(value)
    ? null
    : `It holds a value that JSON has not, of the kind ${typeof value}.`;
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
