// `postern policy build`: a directory of policies in, one bundle file out.
import { readsText } from '../../gate/decide/index.ts';
import { compilePolicies } from '../../policy/compiler/index.ts';
import { readBundle, type Bundle } from '../../policy/index.ts';
import { requireText, textOf, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { WORKSPACE_OPTIONS, withWorkspace } from './workspace.ts';
import { writeBytes } from './write-bytes.ts';

export const buildCommand: Command = {
  kind: 'command',
  name: 'build',
  summary: 'compile policies and data into one bundle',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    bundle: { value: 'FILE', help: 'where to write the bundle, e.g. bundle.tar.gz' },
    revision: { value: 'NAME', help: 'your name for it, e.g. a commit' },
  },
  examples: [
    { line: 'policy build policies --bundle bundle.tar.gz', purpose: 'one file for a ConfigMap or a server' },
    {
      line: 'policy build policies --bundle bundle.tar.gz --revision "$(git rev-parse HEAD)"',
      purpose: 'named after the commit, as spans and audit lines show it',
    },
  ],
  run: build,
};

function build(call: Call): Promise<ExitCode> {
  const file = requireText(call.options, 'bundle');
  const revision = textOf(call.options, 'revision') ?? '';
  return withWorkspace(call, async ({ own, compiler, builtin, platform, complain }) => {
    const bytes = await compilePolicies(own, { compiler, builtin, platform, revision });
    if (!bytes.ok) return complain(bytes.error);
    await writeBytes(file, bytes.value);
    const bundle = readBundle(bytes.value);
    if (bundle.ok) printBundle(call.print, bundle.value, { file, size: bytes.value.length });
    return EXIT.fine;
  });
}

function printBundle(print: Printer, bundle: Bundle, { file, size }: { file: string; size: number }): void {
  const { digest, revision, compiler, reads, policies } = bundle;
  const ids = policies.map(({ id }) => id);
  if (print.isJson)
    return print.json({
      bundle: file,
      bytes: size,
      digest,
      revision,
      compiler,
      reads,
      policies: ids,
    });
  print.line(`${print.style('bold', file)}: ${String(ids.length)} policies, ${String(size)} bytes`);
  print.line(`digest ${digest}`);
  const phases = (['request', 'response'] as const).filter((phase) => readsText(reads, phase));
  print.line(`text of parts is read ${phases.length === 0 ? 'by no policy' : `in ${phases.join(' and ')}`}`);
}
