// `postern check`: whether a cluster can have Postern, and whether what it has is well.
import { withCluster } from '../cluster/with-cluster.ts';
import { CLUSTER_OPTIONS, NAMESPACE_OPTION, PLATFORM_OPTION } from '../cluster/options.ts';
import { textOf, type Command } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Section } from './check.ts';
import { BEFORE, CLUSTER } from './cluster-checks.ts';
import { CONTROLLER } from './controller-checks.ts';
import { readFacts } from './facts.ts';
import { NAMESPACE } from './namespace-checks.ts';
import { PODS } from './pod-checks.ts';
import { POLICIES } from './policy-checks.ts';
import { printPage, printShort, writeJson } from './print-checks.ts';
import { WEBHOOKS } from './webhook-checks.ts';

/** In the order in which they are asked; what a page tells of them is made from this. */
export const SECTIONS: readonly Section[] = [
  CLUSTER,
  BEFORE,
  CONTROLLER,
  WEBHOOKS,
  POLICIES,
  PODS,
  NAMESPACE,
];

export const checkClusterCommand: Command = {
  kind: 'command',
  name: 'check',
  summary: 'check a cluster before Postern is installed, and whenever something seems wrong',
  operands: '',
  options: {
    pre: { help: 'before installing: whether the cluster can have it, and you may install it' },
    namespace: {
      ...NAMESPACE_OPTION.namespace,
      help: 'look at this one more closely: what it admits, what its pods leave open',
    },
    ...PLATFORM_OPTION,
    ...CLUSTER_OPTIONS,
  },
  formats: ['short'],
  examples: [
    { line: 'check --pre', purpose: 'before installing' },
    { line: 'check -n shop', purpose: 'after it; ends with 1 when anything failed' },
    { line: 'check -o short', purpose: 'only what is not well; what each means stands in docs/checks.md' },
  ],
  run: withCluster(async ({ options, print }, cluster) => {
    const namespace = textOf(options, 'namespace') ?? null;
    const facts = await readFacts(cluster, {
      platform: textOf(options, 'platform') ?? 'postern-system',
      namespace,
    });
    const answers = sectionsOf(options['pre'] === true, namespace).flatMap(({ title, checks }) =>
      checks.map((check) => ({ section: title, check, ...check.judge(facts) })),
    );
    if (print.isJson) print.json(writeJson(answers));
    else if (textOf(options, 'output') === 'short') printShort(print, answers);
    else printPage(print, answers);
    return answers.some(({ status }) => status === 'failed') ? EXIT.findings : EXIT.fine;
  }),
};

function sectionsOf(isPre: boolean, namespace: string | null): readonly Section[] {
  if (isPre) return [CLUSTER, BEFORE];
  return SECTIONS.filter((section) => section !== BEFORE && (section !== NAMESPACE || namespace !== null));
}
