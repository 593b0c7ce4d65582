// A recorded decision with its facts in; what a candidate changes about it, as far as the log can tell, out.
import { isRefusal, PosternError, type DecisionChange, type VerdictChange } from '../../exchange/index.ts';
import { compareDecisions, type Enforced } from '../../gate/decide/index.ts';
import { describeVerdicts } from '../../gate/record/index.ts';
import { foldResult, type Snapshot } from '../../policy/index.ts';
import { findUndecidable } from './find-undecidable.ts';
import type { RecordedFacts, RecordedSide } from './read-entry.ts';
import { standInTexts } from './stand-in.ts';

export interface Bundles {
  readonly candidate: Snapshot;
  /** Null where the candidate is compared with what the log says. */
  readonly baseline: Snapshot | null;
}

export interface Replayed {
  /** `undecided`: it depends on what the log does not hold; `failed`: a bundle could not judge. */
  readonly result: DecisionChange | 'failed' | 'undecided';
  readonly before: Enforced['action'];
  readonly after: Enforced['action'];
  readonly verdicts: readonly VerdictChange[];
  /** Policy -> what it may read that the log does not hold. */
  readonly undecidable: ReadonlyMap<string, readonly string[]>;
}

export function replaySide({ said, phase }: RecordedSide, facts: RecordedFacts, bundles: Bundles): Replayed {
  const { candidate, baseline } = bundles;
  const undecidable = new Map([
    ...(baseline === null ? [] : findUndecidable(baseline, phase, facts)),
    ...findUndecidable(candidate, phase, facts),
  ]);
  const decided = ({ policy }: Enforced['verdicts'][number]): boolean => !undecidable.has(policy);
  try {
    const before = baseline === null ? said : ask(baseline, facts);
    const after = keep(ask(candidate, facts), decided);
    const difference = compareDecisions(keep(before, decided), after);
    const actions = { before: before.action, after: after.action };
    // What refuses already refuses whatever the others say.
    const isDenied = isRefusal(after.action) && !isRefusal(before.action);
    const partly = isDenied ? 'newly_denied' : 'undecided';
    const result = undecidable.size === 0 ? difference.change : partly;
    return { ...actions, result, verdicts: difference.verdicts, undecidable };
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    const result = undecidable.size > 0 ? 'undecided' : 'failed';
    return { result, before: said.action, after: 'deny', verdicts: [], undecidable };
  }
}

/** Cut as the log cuts it. */
function ask(snapshot: Snapshot, { input }: RecordedFacts): Enforced {
  const texts = standInTexts(input);
  const { action, verdicts } = foldResult(snapshot.evaluator.evaluate(input, texts), snapshot, texts);
  return { action, verdicts: describeVerdicts(verdicts) };
}

function keep(enforced: Enforced, isKept: (verdict: Enforced['verdicts'][number]) => boolean): Enforced {
  const verdicts = enforced.verdicts.filter(isKept);
  return verdicts.length === enforced.verdicts.length
    ? enforced
    : { action: verdicts[0]?.action ?? 'allow', verdicts };
}
