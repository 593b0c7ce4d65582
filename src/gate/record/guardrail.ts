// One judged side in; the attributes of its guardrail span out. What was said and what was done stay apart.
import type { Action, Comparison, Decision, JudgedSide, Phase, Verdict } from '../../exchange/index.ts';
import { boundList } from './bounded.ts';
import { ATTR, GUARDRAIL, POSTERN } from './semconv.ts';

export type Attributes = Record<string, string | number | boolean | string[]>;

/** What the policies said, in the words of the guardrail span. */
const VERDICT_TYPE: Readonly<Record<Action, string>> = {
  allow: 'allow',
  flag: 'warn',
  redact: 'modify',
  rewrite: 'modify',
  escalate: 'escalate',
  deny: 'deny',
};

/** What was done about it. */
const ACTION_TYPE: Readonly<Record<Action, string>> = {
  allow: 'allow',
  flag: 'audit',
  redact: 'modify',
  rewrite: 'modify',
  escalate: 'escalate',
  deny: 'block',
};

const MILD_TO_SEVERE: readonly Action[] = ['allow', 'flag', 'redact', 'rewrite', 'escalate', 'deny'];

export const mostSevere = (actions: Iterable<Action>): Action => {
  let severest = 0;
  for (const action of actions) severest = Math.max(severest, MILD_TO_SEVERE.indexOf(action));
  return MILD_TO_SEVERE[severest] ?? 'deny';
};

export const guardrailAttributes = (phase: Phase, side: JudgedSide | null): Attributes => ({
  [ATTR.operationName]: GUARDRAIL.operation,
  [GUARDRAIL.targetType]: phase === 'request' ? 'input' : 'output',
  [POSTERN.phase]: phase,
  ...(side === null ? {} : judgementAttributes(side)),
});

/** What a candidate would have done. */
export const comparisonAttributes = (comparison: Comparison | undefined): Attributes => {
  if (comparison === undefined) return {};
  const { digest, result, action, verdicts, failure } = comparison;
  const changed = verdicts.filter(({ change }) => change !== 'same');
  return {
    [POSTERN.candidateDigest]: digest,
    [POSTERN.candidateResult]: result,
    ...(action === null ? {} : { [POSTERN.candidateAction]: action }),
    ...(failure === null ? {} : { [POSTERN.candidateFailure]: failure }),
    ...(changed.length === 0
      ? {}
      : {
          [POSTERN.candidateChanges]: boundList(
            changed.map(({ policy, code, change }) => `${change}:${policy}:${code}`),
          ),
        }),
  };
};

const judgementAttributes = ({ decision, findings, coverage, shown }: JudgedSide): Attributes => ({
  ...sayAttributes(decision),
  [POSTERN.action]: decision.action,
  [POSTERN.digest]: decision.digest,
  [POSTERN.coverageBytes]: coverage.bytes,
  [POSTERN.coverageJudged]: coverage.judged,
  [POSTERN.coverageOpaque]: coverage.opaque,
  [POSTERN.coverageUnknownFields]: coverage.unknownFields,
  ...verdictAttributes(decision.verdicts, POSTERN.policies, POSTERN.codes),
  ...verdictAttributes(decision.recorded, POSTERN.recordedPolicies, POSTERN.recordedCodes),
  ...(findings.length === 0 ? {} : { [POSTERN.findings]: boundList(findings) }),
  ...(shown === undefined ? {} : { [POSTERN.shown]: shown }),
});

/** Most exchanges have none, and an empty list costs as much to send as a full one. */
const verdictAttributes = (verdicts: readonly Verdict[], policies: string, codes: string): Attributes =>
  verdicts.length === 0
    ? {}
    : {
        [policies]: boundList(verdicts.map(({ policy }) => policy)),
        [codes]: boundList(verdicts.map(({ code }) => code)),
      };

/** A policy in shadow may say `deny` while the exchange passes: verdict `deny`, action `audit`, mode `audit`. */
function sayAttributes({ action, recorded }: Decision): Attributes {
  const said = mostSevere([action, ...recorded.map((verdict) => verdict.action)]);
  const isShadow = said !== action;
  return {
    [GUARDRAIL.verdictType]: VERDICT_TYPE[said],
    [GUARDRAIL.actionType]: isShadow && action === 'allow' ? 'audit' : ACTION_TYPE[action],
    [POSTERN.mode]: isShadow ? 'audit' : 'enforce',
  };
}
