// `postern policy status`: which policies namespaces have, and which of their pods have them.
import { CLUSTER_OPTIONS, NAMESPACE_OPTION } from '../cluster/options.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import { textOf, type Command } from '../command.ts';
import { EXIT } from '../exit.ts';
import { printStanding } from './print-standing.ts';
import { readStanding } from './read-sources.ts';

const FAULTY: ReadonlySet<string> = new Set(['degraded', 'error', 'unknown']);

export const statusCommand: Command = {
  kind: 'command',
  name: 'status',
  summary: 'tell which policies the pods of a cluster have, and what is wrong',
  operands: '',
  options: {
    ...NAMESPACE_OPTION,
    'all-namespaces': { short: 'A', help: 'all that have policies' },
    pods: { help: 'each pod, not only those that could not load theirs' },
    ...CLUSTER_OPTIONS,
  },
  examples: [
    { line: 'policy status -n shop --pods', purpose: 'one namespace, pod by pod' },
    {
      line: 'policy status -A -o json',
      purpose: 'all of them, for programs; ends with 1 when anything is wrong',
    },
  ],
  run: withCluster(async ({ options, print }, cluster) => {
    const own = textOf(options, 'namespace') ?? cluster.namespace;
    const told = await readStanding(cluster, options['all-namespaces'] === true ? null : own);
    if (print.isJson)
      print.json({ namespaces: told.map(({ namespace, status }) => ({ namespace, ...status })) });
    else printStanding(print, told, options['pods'] === true);
    return told.some(({ status }) => FAULTY.has(status?.state ?? 'unknown')) ? EXIT.findings : EXIT.fine;
  }),
};
