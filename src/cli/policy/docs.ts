// `postern policy docs`: what each policy of a directory is, says and reads, as Markdown for people who do not read Rego.
import { readFile, writeFile } from 'node:fs/promises';
import type { PolicyIssue } from '../../policy/index.ts';
import { ok, type Result } from '../../lib/result.ts';
import { textOf, UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { checkSources } from './check.ts';
import { countTests } from './docs-count.ts';
import { writePolicyPage, type DescribedPolicy } from './docs-page.ts';
import { complainOfOpa, libraryOf, WORKSPACE_OPTIONS, withWorkspace, type Workspace } from './workspace.ts';

export const docsCommand: Command = {
  kind: 'command',
  name: 'docs',
  summary: 'describe policies in Markdown, from their METADATA and their rules',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    out: { value: 'FILE', help: 'where to write it, instead of standard output' },
    check: { value: 'FILE', help: 'only tell whether the file is what would be written, and fail if not' },
  },
  examples: [
    { line: 'policy docs policies --out POLICIES.md', purpose: 'a page to read and to link to' },
    { line: 'policy docs policies --check POLICIES.md', purpose: 'in CI: fail when it is stale' },
  ],
  run: docs,
};

function docs(call: Call): Promise<ExitCode> {
  const { print, options } = call;
  const [out, wanted] = [textOf(options, 'out'), textOf(options, 'check')];
  if (out !== undefined && wanted !== undefined) throw new UsageError('either --out or --check');
  return withWorkspace(call, async (workspace) => {
    if (workspace.compiler.outline === null) return complainOfOpa(print, 'describe policies');
    const policies = await describePolicies(workspace);
    if (!policies.ok) return workspace.complain(policies.error);
    const page = writePolicyPage(policies.value);
    if (wanted !== undefined) return checkPage(print, wanted, page);
    if (out !== undefined) await writePage(out, page);
    if (print.isJson) print.json({ policies: policies.value });
    else print.line(out ?? page.trimEnd());
    return EXIT.fine;
  });
}

async function describePolicies(
  workspace: Workspace,
): Promise<Result<readonly DescribedPolicy[], readonly PolicyIssue[]>> {
  const { own, compiler } = workspace;
  const program = await checkSources(workspace);
  if (!program.ok) return program;
  const outlines = (await compiler.outline?.(own.modules, libraryOf(workspace))) ?? ok([]);
  if (!outlines.ok) return outlines;
  const counts = await countTests(own, compiler);
  if (!counts.ok) return counts;
  const metadata = new Map(program.value.policies.map((policy) => [policy.metadata.id, policy.metadata]));
  return ok(
    outlines.value.flatMap(({ policy, settings, ...outline }) => {
      const known = metadata.get(policy);
      if (known === undefined) return [];
      const values = settings.map((name) => ({ name, value: valueAt(program.value.data, name) }));
      const { title, description, severity, phases, defaultMode } = known;
      const { tests, cases } = counts.value(policy);
      return [
        {
          ...outline,
          policy,
          title,
          description,
          severity,
          phases,
          default_mode: defaultMode,
          settings: values,
          tests,
          cases,
        },
      ];
    }),
  );
}

/** Undefined where the setting is not given. */
function valueAt(data: object, name: string): unknown {
  let value: unknown = data;
  for (const key of ['config', ...name.split('.')])
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  return value;
}

async function checkPage(print: Printer, file: string, page: string): Promise<ExitCode> {
  const isFresh = (await readFile(file, 'utf8').catch(() => '')) === page;
  if (print.isJson) print.json({ file, fresh: isFresh });
  else print.line(isFresh ? `${file} is as it should be` : `${file} is stale: write it again with --out`);
  return isFresh ? EXIT.fine : EXIT.findings;
}

async function writePage(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UsageError(`${file} cannot be written: ${code}`);
  }
}
