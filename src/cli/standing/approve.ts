// `postern policy approve`: a candidate that was held back, let go on, by somebody who has looked at what it changes.
import { APPROVED, shortDigest } from '../../cluster/distribute/index.ts';
import { CLUSTER_OPTIONS, NAMESPACE_OPTION } from '../cluster/options.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import { textOf, UsageError, type Command } from '../command.ts';
import { EXIT } from '../exit.ts';
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
  run: withCluster(async ({ operands, options, print }, cluster) => {
    const [digits, ...more] = operands;
    if (digits === undefined || more.length > 0)
      throw new UsageError('one digest is needed, as policy status names it');
    const namespace = textOf(options, 'namespace') ?? cluster.namespace;
    const [told] = await readStanding(cluster, namespace);
    const digest = told?.status?.candidate?.digest ?? null;
    const approved = shortDigest(digits);
    if (digest === null || shortDigest(digest) !== approved) {
      const what = digest === null ? 'there is none' : `it is ${shortDigest(digest)}`;
      print.error(`${namespace}: ${digits} is not the candidate; ${what}`);
      return EXIT.findings;
    }
    const isDryRun = options['dry-run'] === true;
    await cluster.annotate(namespace, { [APPROVED]: approved }, { isDryRun });
    if (print.isJson) print.json({ namespace, approved, isDryRun });
    else
      print.line(
        `${namespace}: candidate ${approved} is approved${isDryRun ? ' (dry run: nothing was changed)' : ''}`,
      );
    return EXIT.fine;
  }),
};
