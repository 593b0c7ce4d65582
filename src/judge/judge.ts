// Facts of one side of an exchange in; the decision on them, with these facts, out.
import type { Finding, Route } from '../exchange/index.ts';
import type { Facts } from '../gate/decide/index.ts';
import type { Judgement } from '../gate/enforce/index.ts';
import { decideFacts, type Snapshot } from '../policy/index.ts';

/** Where the exchange goes, and by what it is judged. */
export interface Setting {
  readonly route: Route;
  readonly snapshot: Snapshot;
}

export interface AnswerSetting extends Setting {
  /** For answers that do not name one. */
  readonly requestedModel: string;
}

/** @throws PosternError POSTERN_E_POLICY_*: a policy that cannot be asked has not said yes. */
export const judge = (facts: Facts, snapshot: Snapshot): Judgement => ({
  decision: decideFacts(facts, snapshot),
  facts,
});

/** Each code once, in order of appearance. */
export const codesOf = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.map(({ code }) => code)),
];
