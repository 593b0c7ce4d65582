// Cases in; what became of each, told in every way, out.
import type { PolicyIssue } from '../../policy/index.ts';
import type { Case } from './case.ts';
import { compareOutcome, type Mismatch } from './compare.ts';
import { hearTelling } from './hear.ts';
import type { Open } from './open.ts';
import { tellCase } from './tell.ts';

export interface CaseResult extends PolicyIssue {
  readonly name: string;
  readonly outcome: 'pass' | 'fail' | 'error';
  /** In how many ways it was told. */
  readonly tellings: number;
  readonly failures: readonly CaseFailure[];
  /** Dialects that have no word for it. */
  readonly lacking: ReadonlyArray<{ readonly dialect: string; readonly word: string }>;
}

/** What was not as expected, in these manners; in every one where none is named. */
export interface CaseFailure extends PolicyIssue {
  readonly manners: readonly string[];
}

export async function runCases(cases: readonly Case[], open: Open): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) results.push(await runCase(each, open));
  return results;
}

async function runCase(each: Case, open: Open): Promise<CaseResult> {
  const opened = await open(each);
  if (!opened.ok) return failWith(each, opened.error);
  const { tellings, lacking } = tellCase(each);
  const found = tellings.flatMap((telling) =>
    compareOutcome(each, hearTelling(telling, opened.value.snapshot)).map((mismatch) => ({
      ...mismatch,
      manner: telling.manner,
    })),
  );
  if (tellings.length === 0) return failWith(each, [explainUntold(lacking)]);
  const outcome = found.length === 0 ? 'pass' : 'fail';
  return {
    ...identify(each),
    outcome,
    tellings: tellings.length,
    failures: join(each, found, tellings.length),
    lacking,
  };
}

const identify = ({ file, name, locate }: Case): Pick<CaseResult, keyof PolicyIssue | 'name'> => ({
  file,
  name,
  ...locate(['name']),
  code: '',
  message: '',
});

function failWith(each: Case, issues: readonly PolicyIssue[]): CaseResult {
  const failures = issues.map(({ code, message }) => ({
    ...placeOf(each, code === 'case.mode' ? ['modes'] : ['name']),
    code,
    message,
    manners: [],
  }));
  return { ...identify(each), outcome: 'error', tellings: 0, failures, lacking: [] };
}

const placeOf = (
  { file, locate }: Case,
  path: readonly string[],
): Pick<PolicyIssue, 'file' | 'row' | 'col'> => ({
  file,
  ...locate(path),
});

const explainUntold = (lacking: CaseResult['lacking']): PolicyIssue => ({
  file: '',
  row: 0,
  col: 0,
  code: 'case.untold',
  message: `No dialect can tell it: ${lacking.map(({ dialect, word }) => `${dialect} has no ${word}`).join(', ')}.`,
});

/** The same mismatch in many manners is said once. */
function join(
  each: Case,
  found: ReadonlyArray<Mismatch & { readonly manner: string }>,
  tellings: number,
): readonly CaseFailure[] {
  const grouped = Map.groupBy(found, ({ key, message }) => `${key} ${message}`);
  return [...grouped.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const path = first.key === 'request' ? ['request'] : ['expect', first.key];
    const manners = alike.length === tellings ? [] : alike.map(({ manner }) => manner);
    return [{ ...placeOf(each, path), code: 'case.failed', message: first.message, manners }];
  });
}
