// `postern policy lint`: what compiles and is still wrong, each with why it is and what to do.
import { openCompiler, type LintReport, type LintRule } from '../../policy/compiler/index.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { checkSources } from './check.ts';
import { writeIssue, type Shelf } from './report.ts';
import {
  complainOfCompiler,
  complainOfOpa,
  libraryOf,
  WORKSPACE_OPTIONS,
  withWorkspace,
} from './workspace.ts';

export const lintCommand: Command = {
  kind: 'command',
  name: 'lint',
  summary: 'find holes and bad style in policies that compile',
  operands: '[DIR]',
  options: { ...WORKSPACE_OPTIONS, rules: { help: 'list what is looked for, and why' } },
  examples: [
    { line: 'policy lint policies', purpose: 'each with its place and what to do' },
    { line: 'policy lint --rules', purpose: 'what is looked for; docs/lint.md has examples of each' },
  ],
  run: lint,
};

async function lint(call: Call): Promise<ExitCode> {
  const { print } = call;
  if (call.options['rules'] === true) return listRules(print);
  return withWorkspace(call, async (workspace) => {
    const { compiler, own, complain, shelf } = workspace;
    if (compiler.lint === null) return complainOfOpa(print, 'lint');
    const checked = await checkSources(workspace);
    if (!checked.ok) return complain(checked.error);
    const report = await compiler.lint(own.modules, libraryOf(workspace));
    if (!report.ok) return complain(report.error);
    const advised = adviseAll(report.value);
    if (print.isJson) print.json({ issues: advised });
    else printAdvice(print, advised, shelf);
    return advised.length === 0 ? EXIT.fine : EXIT.findings;
  });
}

interface Advised extends PolicyIssue {
  readonly severity: LintRule['severity'];
  readonly fix: string;
  /** Where it is explained, in the repository. */
  readonly docs: string;
}

function adviseAll({ found, rules }: LintReport): Advised[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return found.map((issue) => {
    const { severity = 'error', fix = '' } = byId.get(issue.code) ?? {};
    return { ...issue, severity, fix, docs: `docs/lint.md#${issue.code}` };
  });
}

function printAdvice(print: Printer, advised: readonly Advised[], shelf: Shelf): void {
  for (const issue of advised) {
    print.line(writeIssue(print, { ...issue, code: `${issue.severity}: ${issue.code}` }, shelf));
    print.line(`${' '.repeat(6)}${print.style('dim', '=')} ${issue.fix} ${print.style('dim', issue.docs)}`);
  }
  const errors = advised.filter(({ severity }) => severity === 'error').length;
  print.line(`errors: ${String(errors)}, warnings: ${String(advised.length - errors)}`);
}

async function listRules(print: Printer): Promise<ExitCode> {
  const compiler = await openCompiler(process.env);
  if (compiler === null) return complainOfCompiler(print);
  const report = (await compiler.lint?.([], [])) ?? null;
  if (report?.ok !== true) return complainOfOpa(print, 'lint');
  const { rules } = report.value;
  const width = Math.max(...rules.map(({ id }) => id.length));
  if (print.isJson) print.json({ rules });
  else
    for (const { id, severity, why } of rules)
      print.line(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${why}`);
  return EXIT.fine;
}
