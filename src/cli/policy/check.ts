// `postern policy check`: everything that can be said of policies without running them.
import { assemblePolicies, type Program } from '../../policy/compiler/index.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import type { Result } from '../../lib/result.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { WORKSPACE_OPTIONS, withWorkspace, type Workspace } from './workspace.ts';

export const checkCommand: Command = {
  kind: 'command',
  name: 'check',
  summary: 'find mistakes in policies, their metadata and data',
  operands: '[DIR]',
  options: WORKSPACE_OPTIONS,
  examples: [
    { line: 'policy check policies', purpose: 'together with the built-in policies, as a sidecar has them' },
    { line: 'policy check policies -o json', purpose: 'for programs: every mistake with its place' },
  ],
  run: check,
};

function check(call: Call): Promise<ExitCode> {
  return withWorkspace(call, async (workspace) => {
    const checked = await checkSources(workspace);
    if (!checked.ok) return workspace.complain(checked.error);
    const ids = checked.value.policies.map(({ metadata }) => metadata.id);
    if (call.print.isJson) call.print.json({ issues: [], policies: ids });
    else call.print.line(`${String(ids.length)} policies, no mistakes found`);
    return EXIT.fine;
  });
}

/** What is evaluated, or what is wrong with it or its tests. */
export async function checkSources({
  own,
  compiler,
  builtin,
  platform,
}: Workspace): Promise<Result<Program, readonly PolicyIssue[]>> {
  const program = await assemblePolicies(own, { compiler, builtin, platform });
  if (!program.ok) return program;
  const tests = own.modules.filter(({ test }) => test);
  const checked = await compiler.check([...program.value.modules, ...tests]);
  return checked.ok ? program : checked;
}
