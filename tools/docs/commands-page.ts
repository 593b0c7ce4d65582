// The table of commands in, docs/cli.md out.
import type { Command, Group } from '../../src/cli/command.ts';
import { EXIT_MEANINGS } from '../../src/cli/exit.ts';
import { listOptions, writeUsage } from '../../src/cli/help.ts';
import { writeTable } from '../../src/cli/markdown.ts';

type Placed = readonly [path: readonly string[], command: Command];

/** Every command with the words that lead to it. */
export const listCommands = (group: Group, path: readonly string[] = [group.name]): Placed[] =>
  group.members.flatMap((member): Placed[] => {
    const here = [...path, member.name];
    if (member.kind === 'group') return listCommands(member, here);
    return member.kind === 'command' ? [[here, member]] : [];
  });

export function writeCommandsPage(root: Group): string {
  const commands = listCommands(root);
  const summaries = commands.map(([path, { summary }]) => [linkTo(path), summary]);
  const endings = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => [code, meaning]);
  return `# Commands

Generated from the commands themselves by \`make docs\`. \`postern\` is \`bin/postern\` in a checkout.

${writeTable(['command', 'does'], summaries)}

Every command has \`--help\`, and \`-o json\` for programs: one JSON document on standard output, also for what it found.
People get the place of a mistake with a caret, and colours on a terminal.

## What a command ends with

${writeTable(['code', 'when'], endings)}

${commands.map(writeSection).join('\n')}`;
}

function writeSection([path, command]: Placed): string {
  const options = listOptions(command).map(([option, help]) => [`\`${option.trim()}\``, help]);
  const examples = command.examples.map(({ line, purpose }) => `# ${purpose}\npostern ${line}\n`);
  return `## ${path.join(' ')}

${command.summary}

\`${writeUsage(path, command)}\`

${writeTable(['option', 'what it is for'], options)}

\`\`\`sh
${examples.join('')}\`\`\`
`;
}

const linkTo = (path: readonly string[]): string => `[\`${path.join(' ')}\`](#${path.join('-')})`;
