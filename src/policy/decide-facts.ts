// What is known about one side of an exchange in, the decision of the policies in force on it out.
import type { Decision } from '../exchange/index.ts';
import { buildInput, foldVerdicts, parseVerdicts, type Facts } from '../gate/decide/index.ts';
import type { Snapshot } from './snapshot.ts';

/** @throws PosternError POSTERN_E_POLICY_*: a policy that cannot be asked has not said yes. */
export const decideFacts = (facts: Facts, snapshot: Snapshot): Decision =>
  foldResult(snapshot.evaluator.evaluate(buildInput(facts, snapshot.readsText)), snapshot);

/** @throws PosternError POSTERN_E_POLICY_RESULT when it is not what policies answer. */
export const foldResult = (
  result: unknown,
  { policyIds, digest, modes }: Pick<Snapshot, 'policyIds' | 'digest' | 'modes'>,
): Decision => foldVerdicts(parseVerdicts(result, policyIds), { digest, modes });
