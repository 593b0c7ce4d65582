// What came of a case and what was expected in; where the two differ out.
import type { Verdict } from '../../exchange/index.ts';
import type { Case, Expectation } from './case.ts';
import type { Heard, Said } from './hear.ts';

export interface Mismatch {
  /** The key of the expectation that is not met, or what else of the case is to blame. */
  readonly key: keyof Expectation | 'request';
  readonly message: string;
}

export function compareOutcome({ expected, answer }: Case, heard: Heard): readonly Mismatch[] {
  if (heard.side === 'request' && answer !== null)
    return [{ key: 'request', message: `the request did not pass: ${describeHeard(heard)}` }];
  if (heard.kind === 'failed' || expected.failure !== undefined) return compareFailure(expected, heard);
  return COMPARISONS.flatMap(([key, compare]) => {
    const message = compare(expected, heard.said);
    return message === null ? [] : [{ key, message }];
  });
}

function compareFailure({ action, failure }: Expectation, heard: Heard): readonly Mismatch[] {
  if (heard.kind === 'failed' && heard.code === failure) return [];
  const key = failure === undefined ? 'action' : 'failure';
  return [{ key, message: `expected ${failure ?? action ?? ''}, got ${describeHeard(heard)}` }];
}

const describeHeard = (heard: Heard): string =>
  heard.kind === 'failed' ? `${heard.code}: ${heard.detail}` : describeSaid(heard.said);

const describeSaid = ({ decision: { action, verdicts } }: Said): string =>
  verdicts.length === 0 ? action : `${action} (${verdicts.map(describeVerdict).join('; ')})`;

const describeVerdict = ({ policy, action, code }: Verdict): string => `${policy} says ${action} ${code}`;

type Compare = (expected: Expectation, said: Said) => string | null;

const COMPARISONS: ReadonlyArray<readonly [keyof Expectation, Compare]> = [
  [
    'action',
    ({ action }, said) =>
      action === said.decision.action ? null : `expected ${String(action)}, got ${describeSaid(said)}`,
  ],
  ['codes', ({ codes }, said) => compareSets(codes, codesOf(said.decision.verdicts), describeSaid(said))],
  ['includes', ({ includes }, said) => findMissing(includes, said)],
  [
    'policies',
    ({ policies }, { decision }) =>
      compareSets(
        policies,
        decision.verdicts.map(({ policy }) => policy),
      ),
  ],
  [
    'recorded',
    ({ recorded }, { decision }) =>
      compareSets(recorded, codesOf(decision.recorded), decision.recorded.map(describeVerdict).join('; ')),
  ],
  ['findings', ({ findings }, said) => compareSets(findings, said.findings)],
  [
    'message',
    ({ message }, said) =>
      message === undefined || message === said.message
        ? null
        : `expected ${quote(message)}, got ${quote(said.message)}`,
  ],
  ['becomes', ({ becomes }, said) => compareTexts(becomes, said.passing)],
];

const codesOf = (verdicts: readonly Verdict[]): readonly string[] => verdicts.map(({ code }) => code);

/** Neither order nor number counts. */
function compareSets(
  expected: readonly string[] | undefined,
  got: readonly string[],
  because = '',
): string | null {
  if (expected === undefined) return null;
  const [left, right] = [sortOnce(expected), sortOnce(got)];
  if (left.join('\n') === right.join('\n')) return null;
  return `expected ${list(left)}, got ${list(right)}${because === '' ? '' : `: ${because}`}`;
}

function findMissing(expected: readonly string[] | undefined, said: Said): string | null {
  const got = codesOf(said.decision.verdicts);
  const missing = expected?.filter((code) => !got.includes(code)) ?? [];
  return missing.length === 0 ? null : `expected ${list(missing)} too, got ${describeSaid(said)}`;
}

function compareTexts(expected: Expectation['becomes'], passing: Said['passing']): string | null {
  if (expected === undefined) return null;
  if (passing === null) return 'expected texts that pass, but nothing does';
  const wrong = Object.entries(expected).filter(([origin, text]) => (passing[origin] ?? '') !== text);
  if (wrong.length === 0) return null;
  return wrong
    .map(([origin, text]) => `${origin}: expected ${quote(text)}, got ${quote(passing[origin] ?? '')}`)
    .join('; ');
}

const sortOnce = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

const list = (values: readonly string[]): string => `[${values.join(', ')}]`;

const quote = (text: string | null): string => (text === null ? 'nothing' : JSON.stringify(text));
