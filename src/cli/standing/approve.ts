// `postern policy approve`: a candidate that was held back, let go on, by somebody who has looked at what it changes.
import { APPROVED, shortDigest } from '../../cluster/distribute/index.ts';
import { CLUSTER_OPTIONS, NAMESPACE_OPTION } from '../cluster/options.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { textOf, UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readStanding } from './read-sources.ts';

export const approveCommand: Command = {
  kind: 'command',
  name: 'approve',
  summary: 'let a candidate go on that was held back, because it changes what it is meant to change',
  operands: 'DIGITS',
  options: {
    ...NAMESPACE_OPTION,
    'dry-run': { help: 'ask the API server whether it would, and change nothing' },
    ...CLUSTER_OPTIONS,
  },
  examples: [
    {
      line: 'policy approve 1f0c9a5d27be -n shop',
      purpose: 'as `policy status` names it; an edit of the candidate ends it',
    },
  ],
  run: withCluster(async (call, cluster) => {
    const [digits, ...more] = call.operands;
    if (digits === undefined || more.length > 0)
      throw new UsageError('one digest is needed, as policy status names it');
    const namespace = textOf(call.options, 'namespace') ?? cluster.namespace;
    const [told] = await readStanding(cluster, namespace);
    const candidate = shortDigest(told?.status?.candidate?.digest ?? '');
    if (candidate === shortDigest(digits)) return approve(call, cluster, { namespace, candidate });
    const what = candidate === '' ? 'there is none' : `it is ${candidate}`;
    call.print.error(`${namespace}: ${digits} is not the candidate; ${what}`);
    return EXIT.findings;
  }),
};

interface Approved {
  readonly namespace: string;
  readonly candidate: string;
}

async function approve(
  { options, print }: Call,
  cluster: Cluster,
  { namespace, candidate }: Approved,
): Promise<ExitCode> {
  const isDryRun = options['dry-run'] === true;
  await cluster.annotate(namespace, { [APPROVED]: candidate }, { isDryRun });
  const done = `${namespace}: candidate ${candidate} is approved`;
  if (print.isJson) print.json({ namespace, approved: candidate, isDryRun });
  else print.line(isDryRun ? `${done} (dry run: nothing was changed)` : done);
  return EXIT.fine;
}
