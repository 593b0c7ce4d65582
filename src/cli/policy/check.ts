// `postern policy check`: everything that can be said of policies without running them.
import { assemblePolicies } from '../../policy/compiler/index.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { WORKSPACE_OPTIONS, withWorkspace } from './workspace.ts';

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
  return withWorkspace(call, async ({ own, compiler, builtin, platform, complain }) => {
    const program = await assemblePolicies(own, { compiler, builtin, platform });
    if (!program.ok) return complain(program.error);
    const tests = own.modules.filter(({ test }) => test);
    const checked = await compiler.check([...program.value.modules, ...tests]);
    if (!checked.ok) return complain(checked.error);
    const ids = program.value.policies.map(({ metadata }) => metadata.id);
    if (call.print.isJson) call.print.json({ issues: [], policies: ids });
    else call.print.line(`${String(ids.length)} policies, no mistakes found`);
    return EXIT.fine;
  });
}
