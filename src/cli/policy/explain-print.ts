// An explained decision in; for people the lines and the facts, for programs the same as JSON, out.
import type { ExplainedRule, Fact } from '../../policy/compiler/index.ts';
import type { Printer } from '../print.ts';
import type { Explained, ExplainedVerdict } from './explain-join.ts';
import { writeIssue, type Shelf } from './report.ts';

interface View {
  readonly shelf: Shelf;
  /** Whether rules without a verdict are of interest. */
  readonly isAll: boolean;
}

export function printExplained(print: Printer, explained: Explained, { shelf, isAll }: View): void {
  const { manner, decision, failure, verdicts, silent, differs } = explained;
  if (differs) print.line(print.style('red', WARNING));
  print.line(`${print.style('bold', decision?.action ?? 'not decided')} (${manner})`);
  if (failure !== null) print.line(print.style('red', failure));
  for (const each of verdicts) printVerdict(print, each, shelf);
  if (isAll) for (const rule of silent) printSilent(print, rule, shelf);
}

const WARNING =
  'WARNING: the bundle in WebAssembly and OPA’s own evaluator differ on this input. What follows is OPA’s way; the decision is WebAssembly’s.';

function printVerdict(
  print: Printer,
  { verdict, mode, facts, ...place }: ExplainedVerdict,
  shelf: Shelf,
): void {
  const { policy, action, code, message } = verdict;
  const heard = mode === 'enforce' ? '' : ` (${mode})`;
  print.line(`\n${print.style('yellow', `${action}${heard}`)} ${code}: ${message}`);
  print.line(writeIssue(print, { ...place, code: '', message: policy }, shelf));
  printFacts(print, facts);
}

function printSilent(
  print: Printer,
  { policy, name, file, row, col, stuck }: ExplainedRule,
  shelf: Shelf,
): void {
  const place = stuck === undefined || stuck.row === 0 ? { row, col } : stuck;
  print.line(
    `\n${print.style('dim', `${policy} ${name} (line ${String(row)}) gave nothing; this did not hold`)}`,
  );
  print.line(writeIssue(print, { file, row: place.row, col: place.col, code: '', message: '' }, shelf));
  printFacts(print, stuck?.facts ?? []);
}

function printFacts(print: Printer, facts: readonly Fact[]): void {
  const width = Math.max(0, ...facts.map(({ path }) => path.length));
  for (const fact of facts)
    print.line(`        ${fact.path.padEnd(width)}  ${print.style('cyan', writeValue(fact))}`);
}

const LONGEST = 72;

const writeValue = (fact: Fact): string => (fact.undefined === true ? 'undefined' : shorten(fact.value));

/** Long texts say little, and may be what somebody does not want on a screen. */
function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length <= LONGEST) return text;
  if (typeof value === 'string') return `a text of ${String(value.length)} characters`;
  if (Array.isArray(value)) return `a list of ${String(value.length)}`;
  return `a mapping of ${Object.keys(value as object).join(', ')}`;
}

/** Facts as people see them: what is long is told, not quoted. */
export function describeExplained(explained: Explained, isAll: boolean): object {
  const { manner, decision, failure, verdicts, silent, differs } = explained;
  return {
    manner,
    action: decision?.action ?? null,
    failure,
    differs,
    verdicts: verdicts.map(({ verdict, mode, facts, file, row, col }) => {
      const { policy, action, code, message } = verdict;
      return { policy, action, code, message, mode, file, row, col, facts: facts.map(describeFact) };
    }),
    ...(isAll ? { silent: silent.map(describeSilent) } : {}),
  };
}

const describeSilent = ({ policy, name, file, row, col, stuck }: ExplainedRule): object => ({
  policy,
  rule: name,
  file,
  row,
  col,
  stuck: stuck === undefined ? null : { ...stuck, facts: stuck.facts.map(describeFact) },
});

function describeFact({ path, value, undefined: isUndefined = false }: Fact): object {
  if (isUndefined) return { path, undefined: true };
  const isShort = JSON.stringify(value).length <= LONGEST;
  return isShort ? { path, value } : { path, summary: shorten(value) };
}
