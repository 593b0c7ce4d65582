// `postern policy pin`, `unpin` and `rollback`: a namespace held at one of the bundles that are kept.
import { PIN, shortDigest, type HistoryEntry } from '../../cluster/distribute/index.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { CLUSTER_OPTIONS, NAMESPACE_OPTION } from '../cluster/options.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import { textOf, UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readHistory, readPin, readStanding } from './read-sources.ts';

const OPTIONS = {
  ...NAMESPACE_OPTION,
  'dry-run': { help: 'ask the API server whether it would, and change nothing' },
  ...CLUSTER_OPTIONS,
} as const;

export const pinCommand: Command = {
  kind: 'command',
  name: 'pin',
  summary: 'bring back a bundle that is kept, and hold the namespace at it whatever is edited',
  operands: 'DIGITS',
  options: OPTIONS,
  examples: [{ line: 'policy pin 1f0c9a5d27be -n shop', purpose: 'as `policy history` names it' }],
  run: withCluster(async (call, cluster) => {
    const [digits, ...more] = call.operands;
    if (digits === undefined || more.length > 0)
      throw new UsageError('one digest is needed, as policy history names it');
    return hold(call, cluster, (kept) => {
      const found = kept.filter((entry) => entry.digits === shortDigest(digits));
      return found[0]?.digits ?? `${digits} is not kept`;
    });
  }),
};

export const rollbackCommand: Command = {
  kind: 'command',
  name: 'rollback',
  summary: 'bring back the bundle that was made before the one a namespace has, and hold it',
  operands: '',
  options: OPTIONS,
  examples: [{ line: 'policy rollback -n shop', purpose: 'until `policy unpin`' }],
  run: withCluster(async (call, cluster) => {
    const [told] = await readStanding(cluster, namespaceOf(call, cluster));
    const current = shortDigest(told?.status?.digest ?? '');
    return hold(call, cluster, (kept) => {
      const at = kept.findIndex(({ digits }) => digits === current);
      return (at < 0 ? undefined : kept[at + 1]?.digits) ?? `there is none before ${current || 'the first'}`;
    });
  }),
};

export const unpinCommand: Command = {
  kind: 'command',
  name: 'unpin',
  summary: 'let a namespace have its newest policies again',
  operands: '',
  options: OPTIONS,
  examples: [{ line: 'policy unpin -n shop', purpose: 'then `policy wait -n shop`' }],
  run: withCluster(async (call, cluster) => {
    const namespace = namespaceOf(call, cluster);
    const before = await readPin(cluster, namespace);
    await annotate(call, cluster, null);
    const what = before === null ? 'was not pinned' : `is no longer pinned to ${before}`;
    say(call, { namespace, pin: null, before }, `${namespace} ${what}`);
    return EXIT.fine;
  }),
};

const namespaceOf = ({ options }: Call, cluster: Cluster): string =>
  textOf(options, 'namespace') ?? cluster.namespace;

type Choose = (kept: readonly HistoryEntry[]) => string;

/** `choose` returns digits that are kept, or why there are none. */
async function hold(call: Call, cluster: Cluster, choose: Choose): Promise<ExitCode> {
  const namespace = namespaceOf(call, cluster);
  const kept = await readHistory(cluster, namespace);
  const chosen = choose(kept);
  if (!kept.some(({ digits }) => digits === chosen)) {
    const choice = kept.map(({ digits }) => digits).join(', ');
    call.print.error(`${namespace}: ${chosen}; kept ${choice === '' ? 'is nothing' : `are ${choice}`}`);
    return EXIT.findings;
  }
  const before = await readPin(cluster, namespace);
  await annotate(call, cluster, chosen);
  const undo =
    before === null ? `postern policy unpin -n ${namespace}` : `postern policy pin ${before} -n ${namespace}`;
  say(
    call,
    { namespace, pin: chosen, before },
    `${namespace} is pinned to ${chosen}, whatever is edited; to undo: ${undo}`,
  );
  return EXIT.fine;
}

const annotate = (call: Call, cluster: Cluster, digits: string | null): Promise<void> =>
  cluster.annotate(
    namespaceOf(call, cluster),
    { [PIN]: digits },
    { isDryRun: call.options['dry-run'] === true },
  );

function say({ print, options }: Call, done: object, sentence: string): void {
  const isDryRun = options['dry-run'] === true;
  if (print.isJson) print.json({ ...done, isDryRun });
  else print.line(isDryRun ? `${sentence} (dry run: nothing was changed)` : sentence);
}
