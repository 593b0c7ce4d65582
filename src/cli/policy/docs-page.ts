// Described policies in, a Markdown page out: a table of all, then a section each.
import type { PolicyOutline } from '../../policy/compiler/index.ts';
import { writeTable } from '../markdown.ts';

/** As programs get it too. */
export interface DescribedPolicy extends Omit<PolicyOutline, 'settings'> {
  readonly title: string;
  readonly description: string;
  readonly severity: string;
  readonly phases: readonly string[];
  readonly default_mode: string;
  readonly settings: readonly Setting[];
  readonly tests: number;
  readonly cases: number;
}

interface Setting {
  readonly name: string;
  /** Undefined where it is not given. */
  readonly value: unknown;
}

/** Longer values are for the file that holds them. */
const LONGEST_VALUE = 60;

export const writePolicyPage = (policies: readonly DescribedPolicy[]): string => `# Policies

Generated from METADATA and rules by \`postern policy docs\`.

${writeTable(['id', 'policy', 'title', 'severity', 'phases', 'default mode'], policies.map(writeRow))}

${policies.map(writeSection).join('\n')}`;

const writeRow = ({ id, policy, title, severity, phases, default_mode: mode }: DescribedPolicy): string[] => [
  id === '' ? '–' : id,
  `[\`${policy}\`](#${policy.replaceAll('.', '')})`,
  title,
  severity,
  phases.join(', '),
  mode,
];

function writeSection(policy: DescribedPolicy): string {
  const { title, description, says, settings, findings, tests, cases } = policy;
  const blocks = [
    `## ${policy.policy}`,
    `**${title}.** ${description.trim()}`,
    writeTable(
      ['action', 'code', 'message'],
      says.map(({ action, code, message }) => [
        action,
        code === '' ? '(varies)' : `\`${code}\``,
        message === '' ? '(varies)' : message,
      ]),
    ),
    settings.length === 0 ? '' : writeTable(['setting', 'value'], settings.map(writeSetting)),
    findings.length === 0 ? '' : `Reads the findings ${findings.map((code) => `\`${code}\``).join(', ')}.`,
    `${countOf(tests, 'test')}, ${countOf(cases, 'case')}.`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function writeSetting({ name, value }: Setting): string[] {
  if (value === undefined) return [`\`${name}\``, 'not set'];
  const text = JSON.stringify(value);
  if (text.length <= LONGEST_VALUE) return [`\`${name}\``, `\`${text}\``];
  const size = Object.keys(value as object).length;
  return [
    `\`${name}\``,
    typeof value === 'object' ? `${String(size)} values` : `\`${text.slice(0, LONGEST_VALUE)}…\``,
  ];
}

const countOf = (count: number, name: string): string => `${String(count)} ${name}${count === 1 ? '' : 's'}`;
