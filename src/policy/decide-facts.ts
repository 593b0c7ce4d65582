// What is known about one side of an exchange in, the decision of the policies in force on it out.
import type { Decision } from '../exchange/index.ts';
import { buildInput, foldVerdicts, parseVerdicts, type Facts } from '../gate/decide/index.ts';
import type { Snapshot } from './snapshot.ts';

/** @throws PosternError POSTERN_E_POLICY_*: a policy that cannot be asked has not said yes. */
export function decideFacts(facts: Facts, snapshot: Snapshot): Decision {
  const { readsText, evaluator, policyIds, digest, modes } = snapshot;
  const verdicts = parseVerdicts(evaluator.evaluate(buildInput(facts, readsText)), policyIds);
  return foldVerdicts(verdicts, { digest, modes });
}
