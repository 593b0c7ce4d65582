// canonicalise, inspect, decide: one side of an exchange in; findings and the decision on them out.
import type { Finding } from '../exchange/index.ts';
import { buildInput, foldVerdicts, parseVerdicts, type Facts } from '../gate/decide/index.ts';
import type { Judgement } from '../gate/enforce/index.ts';
import type { Snapshot } from '../policy/index.ts';

/** @throws PosternError POSTERN_E_POLICY_*: a policy that cannot be asked has not said yes. */
export function decide(facts: Facts, snapshot: Snapshot): Judgement {
  const input = buildInput(facts, snapshot.readsText);
  const verdicts = parseVerdicts(snapshot.evaluator.evaluate(input), snapshot.policyIds);
  const decision = foldVerdicts(verdicts, { digest: snapshot.digest, modes: snapshot.modes });
  return { decision, findings: facts.findings };
}

/** Each code once, in order of appearance. */
export const codesOf = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.map(({ code }) => code)),
];
