// The checks of `postern check` in, docs/checks.md out.
import type { Section } from '../../src/cli/check/check.ts';

export function writeChecksPage(sections: readonly Section[]): string {
  const parts = sections.map(({ title, checks }) => {
    const entries = checks.map((check) => `### ${check.id}\nWell when ${check.title}.\n\n${check.mend}\n`);
    return `## ${title}\n${entries.join('\n')}`;
  });
  return `# What \`postern check\` looks at

Generated from the checks themselves by \`make docs\`. \`postern check --pre\` asks the first two groups, before Postern is installed; \`postern check\` all
but the second, and with \`-n NAMESPACE\` also the last. It only reads; a pod that is made for a try is never kept (\`dryRun\`). What the caller may not
read is skipped, and said. It ends with 0 when nothing failed (warnings are told), with 1 when something did, with 69 where no kubeconfig names a cluster.

\`-o json\` has \`isWell\` and, of each of \`checks\`, \`id\`, \`section\`, \`title\`, \`status\` (\`ok\`, \`warning\`, \`failed\`, \`skipped\`), \`lines\` and \`hint\`.

${parts.join('\n')}`;
}
