// Two decisions on the same facts in; what becomes of each code, and of the whole, when the second takes the place of the first, out.
import {
  isRefusal,
  type Action,
  type Change,
  type DecisionDifference,
  type Verdict,
} from '../../exchange/index.ts';

/** What is enforced, most severe first; what is only recorded makes no difference to anybody. */
export interface Enforced {
  readonly action: Action;
  readonly verdicts: ReadonlyArray<Pick<Verdict, 'policy' | 'code' | 'action'>>;
}

export function compareDecisions(before: Enforced, after: Enforced): DecisionDifference {
  const [old, fresh] = [actionsOf(before), actionsOf(after)];
  const keys = new Map([...old, ...fresh]);
  const verdicts = [...keys].map(([key, { policy, code }]) => ({
    policy,
    code,
    change: changeOf(old.get(key)?.action ?? 'allow', fresh.get(key)?.action ?? 'allow'),
  }));
  const change = changeOf(before.action, after.action);
  const hasOtherReasons = verdicts.some((verdict) => verdict.change !== 'same');
  return { change: change === 'same' && hasOtherReasons ? 'other_reasons' : change, verdicts };
}

function changeOf(before: Action, after: Action): Change {
  if (before === after) return 'same';
  if (isRefusal(before) === isRefusal(after)) return 'other_action';
  return isRefusal(after) ? 'newly_denied' : 'newly_allowed';
}

/** Of what a policy says more than once with the same code, the most severe. */
function actionsOf({ verdicts }: Enforced): Map<string, Enforced['verdicts'][number]> {
  const actions = new Map<string, Enforced['verdicts'][number]>();
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.policy, verdict.code]);
    if (!actions.has(key)) actions.set(key, verdict);
  }
  return actions;
}
