// What tests and cases came to in; the XML that CI systems read as JUnit's out.
import { formatPlace, type PolicyIssue } from '../../policy/index.ts';
import type { CaseResult } from '../cases/index.ts';
import type { Shelf } from './report.ts';
import type { Report } from './test-run.ts';

interface Entry {
  readonly suite: string;
  readonly name: string;
  readonly outcome: string;
  readonly issues: readonly PolicyIssue[];
}

export function writeJunit({ tests, cases }: Report, shelf: Shelf): string {
  const rego = tests.map((test): Entry => ({ ...test, suite: test.package, issues: [test] }));
  const told = cases.map((each): Entry => ({
    ...each,
    suite: shelf.pathOf(each.file),
    issues: issuesOf(each),
  }));
  const suites = Object.entries(Object.groupBy([...rego, ...told], ({ suite }) => suite));
  const written = suites.map(([name, entries = []]) => writeSuite(name, entries, shelf));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${written.join('')}</testsuites>`;
}

const issuesOf = ({ failures }: CaseResult): readonly PolicyIssue[] =>
  failures.map((failure) => ({
    ...failure,
    message: [failure.message, ...failure.manners].join('\n'),
  }));

function writeSuite(name: string, entries: readonly Entry[], shelf: Shelf): string {
  const count = (outcome: string): string =>
    String(entries.filter((entry) => entry.outcome === outcome).length);
  const counts = `tests="${String(entries.length)}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('skip')}"`;
  const written = entries.map((entry) => writeEntry(entry, shelf));
  return `  <testsuite name="${escape(name)}" ${counts}>\n${written.join('')}  </testsuite>\n`;
}

const ELEMENTS: Readonly<Record<string, string>> = { fail: 'failure', error: 'error', skip: 'skipped' };

function writeEntry({ suite, name, outcome, issues }: Entry, shelf: Shelf): string {
  const head = `    <testcase classname="${escape(suite)}" name="${escape(name)}"`;
  const element = ELEMENTS[outcome];
  if (element === undefined) return `${head}/>\n`;
  const message = issues.map((issue) => `${placeOf(issue, shelf)}: ${issue.message}`).join('\n');
  return `${head}>\n      <${element} message="${escape(message)}"/>\n    </testcase>\n`;
}

const placeOf = (issue: PolicyIssue, shelf: Shelf): string =>
  formatPlace({ ...issue, file: shelf.pathOf(issue.file) });

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Other control characters have no place in XML. */
const escape = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[&<>"\n\t]|[\0-\x1f\x7f-\x9f]/g, (found) => ESCAPED[found] ?? '�');
