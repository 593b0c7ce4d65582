// The table of lint rules in, docs/lint.md out.
import type { LintRule } from '../../src/policy/compiler/index.ts';
import { writeTable } from '../../src/cli/markdown.ts';

export const writeLintPage = (rules: readonly LintRule[]): string => `# What \`postern policy lint\` looks for

Generated from the table in [tools/regoc/lint_rules.go](../tools/regoc/lint_rules.go) by \`make docs\`.

\`lint\` finds what compiles and is still wrong, first of all rules that say nothing where they should deny. It looks at a
directory's own files; where it cannot tell, it is silent. Whatever it finds ends with 1, errors and warnings alike.

An exception stands behind the line, or above it, and has a reason:
\`\`\`rego
# postern:ignore untyped-setting the platform's schema admits numbers only
\`\`\`

${writeTable(
  ['rule', 'severity', 'of'],
  rules.map(({ id, severity, family }) => [`[\`${id}\`](#${id})`, severity, family]),
)}

${rules.map(writeSection).join('\n')}`;

const writeSection = ({ id, severity, why, fix, bad, good }: LintRule): string => `## ${id}

${why} (${severity})

${fix}
${bad === '' ? '' : writeExamples(bad, good)}`;

const writeExamples = (bad: string, good: string): string => `
Found:
\`\`\`rego
${bad}\`\`\`
Not found:
\`\`\`rego
${good}\`\`\`
`;
