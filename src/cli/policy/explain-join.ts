// What WASM decided and what OPA's evaluator did on its way in; every verdict with the rule that gave it out.
import { isDeepStrictEqual } from 'node:util';
import { PosternError, type Decision, type Mode, type Verdict } from '../../exchange/index.ts';
import { parseVerdicts } from '../../gate/decide/index.ts';
import type { ExplainedRule, Explanation, Fact } from '../../policy/compiler/index.ts';
import { foldResult, type PolicyIssue } from '../../policy/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Asked } from './explain-ask.ts';

export interface Explained {
  readonly manner: string;
  /** Null when policies were not asked. */
  readonly decision: Decision | null;
  /** Why there is none, or why it did not come to pass. */
  readonly failure: string | null;
  /** The most severe first. */
  readonly verdicts: readonly ExplainedVerdict[];
  readonly silent: readonly ExplainedRule[];
  /** Whether WASM and OPA's own evaluator said different things: one of them is wrong. */
  readonly differs: boolean;
}

export interface ExplainedVerdict extends Pick<ExplainedRule, 'file' | 'row' | 'col'> {
  readonly verdict: Verdict;
  readonly mode: Mode;
  readonly facts: readonly Fact[];
}

const NOTHING = { verdicts: [], silent: [], differs: false } as const;

export function joinExplanation(
  { manner, input, parts, opened, heard }: Asked,
  explanation: Explanation | null,
): Result<Explained, readonly PolicyIssue[]> {
  const failure = heard?.kind === 'failed' ? `${heard.code}: ${heard.detail}` : null;
  if (input === null || explanation === null) return ok({ manner, decision: null, failure, ...NOTHING });
  try {
    const result = opened.snapshot.evaluator.evaluate(input, parts);
    const decision = foldResult(result, opened.snapshot, parts);
    const verdicts = explanation.rules.flatMap((rule) => explainRule(rule, parts, opened.snapshot.modes));
    return ok({
      manner,
      decision,
      failure,
      verdicts: sortByDecision(verdicts, decision),
      silent: explanation.rules.filter(({ given }) => given.length === 0),
      differs: !isDeepStrictEqual(inOrder(result), inOrder(explanation.result)),
    });
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return err([{ file: '', row: 0, col: 0, code: error.code, message: error.message }]);
  }
}

const explainRule = (
  { policy, name, given, file, row, col }: ExplainedRule,
  parts: Asked['parts'],
  modes: Readonly<Record<string, Mode>>,
): readonly ExplainedVerdict[] =>
  given.flatMap(({ value, facts }) =>
    parseVerdicts({ [policy]: { [name]: [value] } }, [policy], parts).map((verdict) => ({
      verdict,
      mode: modes[policy] ?? 'enforce',
      facts,
      file,
      row,
      col,
    })),
  );

/** What is obeyed comes first, as the fold has it. */
function sortByDecision(
  verdicts: readonly ExplainedVerdict[],
  decision: Decision,
): readonly ExplainedVerdict[] {
  const place = ({ verdict }: ExplainedVerdict): number => {
    const at = decision.verdicts.findIndex(
      ({ policy, code }) => policy === verdict.policy && code === verdict.code,
    );
    return at === -1 ? Infinity : at;
  };
  return verdicts.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/** Sets have no order, and keys have none either. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder).map(write).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [key, inOrder(inner)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const write = (value: unknown): string => JSON.stringify(value);
