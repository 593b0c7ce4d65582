// What a line of an audit log holds in; the decision that it tells of, with the facts it was made on, out. Nothing is trusted.
import type { Action, Phase } from '../../exchange/index.ts';
import type { Enforced } from '../../gate/decide/index.ts';
import { boundText } from '../../gate/record/index.ts';

export interface RecordedSide {
  readonly decisionId: string;
  readonly phase: Phase;
  readonly said: Enforced;
  /** Null when the log was written without `audit.facts`. */
  readonly facts: RecordedFacts | null;
}

export interface RecordedFacts {
  readonly input: object;
  readonly erased: readonly string[];
  readonly patterns: string;
}

/** `other`: an entry of ours that tells of no decision; `foreign`: none of ours. */
export type EntryReading =
  | { readonly kind: 'side'; readonly side: RecordedSide }
  | { readonly kind: 'other' }
  | { readonly kind: 'foreign' };

const PHASES: Readonly<Record<string, Phase>> = {
  'postern/request': 'request',
  'postern/response': 'response',
};
const ACTIONS: readonly Action[] = ['allow', 'flag', 'redact', 'rewrite', 'escalate', 'deny'];

export function readEntry(value: unknown): EntryReading {
  if (!isRecord(value)) return { kind: 'foreign' };
  const { path, decision_id: decisionId, result } = value;
  if (typeof path !== 'string' || typeof decisionId !== 'string' || !path.startsWith('postern/'))
    return { kind: 'foreign' };
  const phase = Object.hasOwn(PHASES, path) ? PHASES[path] : undefined;
  if (phase === undefined) return { kind: 'other' };
  const said = readResult(result);
  const facts = readFacts(value);
  if (said === null || facts === undefined) return { kind: 'foreign' };
  return { kind: 'side', side: { decisionId: boundText(decisionId), phase, said, facts } };
}

function readResult(value: unknown): Enforced | null {
  if (!isRecord(value) || !isAction(value['action']) || !Array.isArray(value['reasons'])) return null;
  const { action, reasons } = value;
  return reasons.every(isReason) ? { action, verdicts: reasons.map(boundReason) } : null;
}

type Reason = Enforced['verdicts'][number];

const isReason = (value: unknown): value is Reason =>
  isRecord(value) &&
  typeof value['policy'] === 'string' &&
  typeof value['code'] === 'string' &&
  isAction(value['action']);

/** It goes to a terminal, and is kept. */
const boundReason = ({ policy, code, action }: Reason): Reason => ({
  policy: boundText(policy),
  code: boundText(code),
  action,
});

const MOST_PATHS = 64;
const PATH = /^[\w.*]{1,64}$/;

/** Undefined when they are not facts as we write them. */
function readFacts({ facts, erased, patterns }: Fields): RecordedFacts | null | undefined {
  if (facts === undefined && erased === undefined) return null;
  if (!isRecord(facts) || !isPaths(erased) || typeof patterns !== 'string') return undefined;
  return { input: facts, erased, patterns };
}

const isPaths = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= MOST_PATHS && value.every(isPath);

const isPath = (value: unknown): boolean => typeof value === 'string' && PATH.test(value);

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAction = (value: unknown): value is Action => (ACTIONS as readonly unknown[]).includes(value);
