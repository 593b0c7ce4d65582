// `postern explain pod`: manifests in; what becomes of each pod in the cluster, and who decided that, out.
import { admitPod, DECIDERS, SKIP_REASONS, type Verdict } from '../../cluster/admit/index.ts';
import type { Call, Command, Group } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { changePods, type Found } from './each-pod.ts';
import { FILE_OPTION, readManifests, readNamespace, readSettings, SURROUNDINGS, UIDS } from './read-asked.ts';
import { orBadDocument } from './write.ts';

const explainPod: Command = {
  kind: 'command',
  name: 'pod',
  summary: 'say whether pods get a sidecar, who decides that, and what it is worth',
  operands: '',
  options: { ...FILE_OPTION, ...SURROUNDINGS },
  examples: [
    {
      line: 'explain pod -f deployment.yaml --namespace-file ns.yaml',
      purpose: 'what the cluster would do, and why',
    },
    {
      line: 'explain pod -f - -o json <all.yaml',
      purpose: 'for programs, with the same codes as metrics and events',
    },
  ],
  run: orBadDocument(explain),
};

export const explainGroup: Group = {
  kind: 'group',
  name: 'explain',
  summary: 'say what Postern does, and why',
  members: [explainPod],
};

interface Explained {
  readonly name: string;
  readonly namespace: string;
  readonly verdict: Verdict;
}

async function explain(call: Call): Promise<ExitCode> {
  const manifests = await readManifests(call);
  const settings = await readSettings(call);
  const namespaceOf = await readNamespace(call);
  const explained: Explained[] = [];
  const look = (found: Found): Found['pod'] => {
    const namespace = namespaceOf(found);
    const verdict = admitPod({ ...found, namespace, settings, uids: UIDS });
    explained.push({ name: found.name, namespace: namespace.name, verdict });
    return found.pod;
  };
  for (const manifest of manifests) changePods(manifest, look);
  if (call.print.isJson) call.print.json({ pods: explained.map(tell) });
  else for (const each of explained) describe(each, call.print);
  return explained.some(({ verdict }) => verdict.kind === 'deny') ? EXIT.findings : EXIT.fine;
}

/** Without its operations, which `inject` shows, and the uid, which is another each time. */
function tell({ name, namespace, verdict }: Explained): object {
  const pod = { name, namespace };
  if (verdict.kind !== 'patch') return { ...pod, ...verdict };
  const { kind, decidedBy, warnings, status } = verdict;
  const { mode, grade, variables = [], exclusions } = status;
  return { ...pod, kind, decidedBy, mode, grade, variables, exclusions, warnings };
}

function describe({ name, namespace, verdict }: Explained, print: Printer): void {
  const title = `${print.style('bold', name)} in namespace ${namespace}`;
  switch (verdict.kind) {
    case 'deny':
      return print.line(`${title}: ${print.style('red', 'refused')}\n  ${verdict.message}`);
    case 'skip':
      print.line(`${title}: no sidecar (${verdict.reason})\n  ${SKIP_REASONS[verdict.reason]}`);
      return;
    case 'patch':
      print.line(`${title}: ${print.style('green', 'gets a sidecar')}: ${DECIDERS[verdict.decidedBy]}`);
      for (const line of linesOf(verdict)) print.line(`  ${line}`);
  }
}

const linesOf = ({ status, warnings }: Extract<Verdict, { kind: 'patch' }>): readonly string[] => [
  `mode ${status.mode}, grade ${status.grade}`,
  ...(status.variables ?? []).map(({ containers, names }) => `${containers.join(', ')}: ${names.join(', ')}`),
  ...warnings.map((warning) => `warning: ${warning}`),
];
