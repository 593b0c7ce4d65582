// Verdicts of many policies in; the one decision that follows, most severe first, out.
import type { Action, Decision, Mode, Obligation, RecordedVerdict, Verdict } from '../../exchange/index.ts';

const SEVERITY: Readonly<Record<Action, number>> = {
  allow: 0,
  flag: 1,
  redact: 2,
  rewrite: 2,
  escalate: 3,
  deny: 4,
};

export interface FoldRules {
  readonly digest: string;
  /** Mode in force of each policy; a policy that is not listed is enforced. */
  readonly modes: Readonly<Record<string, Mode>>;
}

export function foldVerdicts(verdicts: readonly Verdict[], { digest, modes }: FoldRules): Decision {
  const enforced: Verdict[] = [];
  const recorded: RecordedVerdict[] = [];
  for (const verdict of verdicts) {
    const mode = modes[verdict.policy] ?? 'enforce';
    if (mode === 'off' || verdict.action === 'allow') continue;
    if (mode === 'enforce') enforced.push(verdict);
    else recorded.push({ ...verdict, mode });
  }
  enforced.sort((a, b) => SEVERITY[b.action] - SEVERITY[a.action]);
  return {
    action: enforced[0]?.action ?? 'allow',
    verdicts: enforced,
    obligations: obligationsOf(enforced),
    recorded,
    digest,
  };
}

/** The one that says most: what an exchange that was judged in pieces is remembered by. */
export const isMoreSevere = (a: Decision, b: Decision): boolean =>
  SEVERITY[a.action] !== SEVERITY[b.action]
    ? SEVERITY[a.action] > SEVERITY[b.action]
    : a.verdicts.length + a.recorded.length > b.verdicts.length + b.recorded.length;

const obligationsOf = (verdicts: readonly Verdict[]): Obligation[] =>
  verdicts.flatMap((verdict) => (verdict.obligation === undefined ? [] : [verdict.obligation]));
