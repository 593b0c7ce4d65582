// `postern inject`: manifests in; the same with a sidecar in every pod, as the cluster would add it, out.
import { admitPod, applyOperations, type Json } from '../../cluster/admit/index.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { changePods, type Found } from './each-pod.ts';
import { FILE_OPTION, readManifests, readNamespace, readSettings, SURROUNDINGS, UIDS } from './read-asked.ts';
import { orBadDocument, writeOut } from './write.ts';

export const injectCommand: Command = {
  kind: 'command',
  name: 'inject',
  summary: 'add a sidecar to the pods of manifests, as the cluster would',
  operands: '',
  options: { ...FILE_OPTION, ...SURROUNDINGS },
  examples: [
    {
      line: 'inject -f deployment.yaml | kubectl apply -f -',
      purpose: 'without a controller in the cluster',
    },
    {
      line: 'inject -f - --settings controller.yaml --namespace-file ns.yaml -o json <all.yaml',
      purpose: 'as the controller would in that namespace, as JSON',
    },
  ],
  run: orBadDocument(inject),
};

async function inject(call: Call): Promise<ExitCode> {
  const manifests = await readManifests(call);
  // Whoever types it wants it; who opted out keeps out.
  const settings = { ...(await readSettings(call)), isDefault: true };
  const namespaceOf = await readNamespace(call);
  const denied: { readonly name: string; readonly message: string }[] = [];
  const change = (found: Found): Json => {
    const verdict = admitPod({ ...found, namespace: namespaceOf(found), settings, uids: UIDS });
    if (verdict.kind === 'deny') {
      denied.push({ name: found.name, message: verdict.message });
      return found.pod;
    }
    for (const warning of verdict.warnings) call.print.error(`${found.name}: ${warning}`);
    if (verdict.kind === 'patch') return applyOperations(found.pod, verdict.operations);
    call.print.error(`${found.name}: left as it is (${verdict.reason})`);
    return found.pod;
  };
  const changed = manifests.map((manifest) => changePods(manifest, change));
  if (denied.length === 0) return finish(call, changed);
  for (const { name, message } of denied) call.print.error(`${name}: refused: ${message}`);
  if (call.print.isJson) call.print.json({ denied });
  return EXIT.findings;
}

function finish(call: Call, manifests: readonly Json[]): ExitCode {
  writeOut(call, manifests);
  return EXIT.fine;
}
