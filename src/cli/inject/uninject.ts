// `postern uninject`: manifests with sidecars in; the same as they were before, out.
import { applyOperations, withdrawFrom } from '../../cluster/admit/index.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { changePods } from './each-pod.ts';
import { FILE_OPTION, readManifests } from './read-asked.ts';
import { orBadDocument, writeOut } from './write.ts';

export const uninjectCommand: Command = {
  kind: 'command',
  name: 'uninject',
  summary: 'take out of manifests what inject added',
  operands: '',
  options: FILE_OPTION,
  examples: [
    { line: 'uninject -f deployment.yaml', purpose: 'as it was before; what has no sidecar stays as it is' },
  ],
  run: orBadDocument(uninject),
};

async function uninject(call: Call): Promise<ExitCode> {
  const manifests = await readManifests(call);
  const change = ({ pod }: { readonly pod: Readonly<Record<string, unknown>> }) =>
    applyOperations(pod, withdrawFrom(pod) ?? []);
  writeOut(
    call,
    manifests.map((manifest) => changePods(manifest, change)),
  );
  return EXIT.fine;
}
