// Facts that one snapshot decided on in; what another would have decided, looking with its own eyes, out.
import type { Decision } from '../exchange/index.ts';
import type { Facts } from '../gate/decide/index.ts';
import { decideFacts, type Snapshot } from '../policy/index.ts';

/** Equal patterns find the same, so nothing is looked for twice. Throws PosternError as judging does. */
export function judgeAgain(facts: Facts, decidedBy: Snapshot, judge: Snapshot): Decision {
  const findings =
    judge.patterns === decidedBy.patterns ? facts.findings : judge.inspector.inspectParts(facts.parts);
  return decideFacts({ ...facts, findings }, judge);
}
