// `postern policy history`: which bundles of a namespace are kept, to go back to.
import { shortDigest } from '../../cluster/distribute/index.ts';
import { CLUSTER_OPTIONS, NAMESPACE_OPTION } from '../cluster/options.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import { textOf, type Command } from '../command.ts';
import { EXIT } from '../exit.ts';
import { alignCells } from './print-standing.ts';
import { readHistory, readPin, readStanding } from './read-sources.ts';

export const historyCommand: Command = {
  kind: 'command',
  name: 'history',
  summary: 'list the bundles of a namespace that can be gone back to',
  operands: '',
  options: { ...NAMESPACE_OPTION, ...CLUSTER_OPTIONS },
  examples: [{ line: 'policy history -n shop', purpose: 'the newest first' }],
  run: withCluster(async ({ options, print }, cluster) => {
    const namespace = textOf(options, 'namespace') ?? cluster.namespace;
    const [kept, pin, [told]] = await Promise.all([
      readHistory(cluster, namespace),
      readPin(cluster, namespace),
      readStanding(cluster, namespace),
    ]);
    const current = told?.status?.digest ?? null;
    const entries = kept.map((entry) => ({
      ...entry,
      isDistributed: current !== null && shortDigest(current) === entry.digits,
      isPinned: entry.digits === pin,
    }));
    if (print.isJson) print.json({ namespace, pin, bundles: entries });
    else
      for (const line of alignCells([
        ['DIGEST', 'MADE', 'KIB', ''],
        ...entries.map(({ digits, createdAt, bytes, isDistributed, isPinned }) => [
          digits,
          createdAt,
          String(Math.ceil(bytes / 1024)),
          [...(isDistributed ? ['distributed'] : []), ...(isPinned ? ['pinned'] : [])].join(', '),
        ]),
      ]))
        print.line(line);
    return EXIT.fine;
  }),
};
