// A directory named on the command line in; its sources, the built-in ones and the compiler out, or an exit code.
import { join } from 'node:path';
import {
  isBuiltinDirectory,
  NO_COMPILER,
  NO_SOURCES,
  openCompiler,
  readBuiltin,
  readSources,
  type PolicySources,
  type RegoCompiler,
  type RegoModule,
} from '../../policy/compiler/index.ts';
import { ok } from '../../lib/result.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import { atMostOne, textOf, type Call, type Option } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { createShelf, reportIssues, type Shelf } from './report.ts';

export interface Workspace {
  readonly compiler: RegoCompiler;
  readonly own: PolicySources;
  readonly builtin: PolicySources;
  /** What binds the team whose directory it is. */
  readonly platform: PolicySources;
  /** Says what is wrong, with the lines it is about. */
  complain(this: void, issues: readonly PolicyIssue[]): ExitCode;
  readonly shelf: Shelf;
}

export const WORKSPACE_OPTIONS: Readonly<Record<string, Option>> = {
  directory: { value: 'DIR', help: 'the same as the operand; without either, the current directory' },
  platform: {
    value: 'DIR',
    help: 'policies and settings that bind this directory, which can only add to them',
  },
  configmaps: {
    help: 'each <namespace>/<name>/ below the directories is a ConfigMap, and a directory of its own',
  },
  'no-builtin': { help: 'leave out the policies that come with Postern' },
};

export async function withWorkspace(
  { print, options, operands }: Call,
  act: (workspace: Workspace) => Promise<ExitCode>,
): Promise<ExitCode> {
  const directory = atMostOne(operands) ?? textOf(options, 'directory') ?? '.';
  const upper = textOf(options, 'platform');
  const layout = layoutOf(options);
  const own = await readSources(directory, '', layout);
  if (!own.ok) return complainOfDirectory(print, directory, own.error);
  const platform = upper === undefined ? ok(NO_SOURCES) : await readSources(upper, join(upper, '/'), layout);
  if (!platform.ok) return complainOfDirectory(print, upper ?? '', platform.error);
  const compiler = await openCompiler(process.env);
  if (compiler === null) return complainOfCompiler(print);
  const isAlone = options['no-builtin'] === true || (await isBuiltinDirectory(directory));
  const builtin = isAlone ? NO_SOURCES : await readBuiltin();
  const shelf = createShelf(directory, own.value, joinSources(builtin, platform.value));
  const complain = (issues: readonly PolicyIssue[]): ExitCode => {
    reportIssues(print, issues, shelf);
    return EXIT.findings;
  };
  return act({ compiler, own: own.value, builtin, platform: platform.value, complain, shelf });
}

/** What is shipped with the directory's own modules. */
export const libraryOf = ({ builtin, platform }: Workspace): readonly RegoModule[] =>
  [...builtin.modules, ...platform.modules].filter(({ test }) => !test);

const layoutOf = ({ configmaps }: Call['options']): 'apart' | 'together' =>
  configmaps === true ? 'apart' : 'together';

const joinSources = (a: PolicySources, b: PolicySources): PolicySources => ({
  modules: [...a.modules, ...b.modules],
  data: [...a.data, ...b.data],
  cases: [...a.cases, ...b.cases],
});

function complainOfDirectory(print: Printer, directory: string, issue: PolicyIssue): ExitCode {
  const placed = { ...issue, file: join(directory, issue.file) };
  reportIssues(print, [placed], createShelf('', NO_SOURCES, NO_SOURCES));
  return EXIT.badData;
}

export function complainOfCompiler(print: Printer): ExitCode {
  print.error(`postern: ${NO_COMPILER}`);
  return EXIT.unavailable;
}

/** For what only the compiler that comes with Postern can do. */
export function complainOfOpa(print: Printer, deed: string): ExitCode {
  print.error(
    `postern: only the Rego compiler that comes with Postern can ${deed}, an opa on PATH cannot: run \`make regoc\``,
  );
  return EXIT.unavailable;
}
