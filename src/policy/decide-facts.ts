// What is known about one side of an exchange in, the decision of the policies in force on it out.
import type { Decision, Part } from '../exchange/index.ts';
import { foldVerdicts, parseVerdicts, type Facts } from '../gate/decide/index.ts';
import type { Snapshot } from './snapshot.ts';

/** @throws PosternError POSTERN_E_POLICY_*: a policy that cannot be asked has not said yes. */
export function decideFacts(facts: Facts, snapshot: Snapshot): Decision {
  const result = snapshot.evaluator.evaluate(snapshot.writeInput(facts), facts.parts);
  return foldResult(result, snapshot, facts.parts);
}

/** @throws PosternError POSTERN_E_POLICY_RESULT when it is not what policies answer. */
export const foldResult = (
  result: unknown,
  { policyIds, digest, modes }: Pick<Snapshot, 'policyIds' | 'digest' | 'modes'>,
  parts: ReadonlyArray<Pick<Part, 'text'>>,
): Decision => foldVerdicts(parseVerdicts(result, policyIds, parts), { digest, modes });
