// `postern policy explain`: one exchange in; what policies decide on it, by which rules and for which facts, out.
import { assemblePolicies, compilePolicies } from '../../policy/compiler/index.ts';
import { readBundle } from '../../policy/index.ts';
import { err, type Result } from '../../lib/result.ts';
import { createOpener } from '../cases/index.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { askAbout, readSubject } from './explain-ask.ts';
import { joinExplanation, type Explained } from './explain-join.ts';
import { withTexts } from './explain-texts.ts';
import { describeExplained, printExplained } from './explain-print.ts';
import { complainOfOpa, WORKSPACE_OPTIONS, withWorkspace, type Workspace } from './workspace.ts';

export const explainCommand: Command = {
  kind: 'command',
  name: 'explain',
  summary: 'say which rules decide on an exchange, at which line and for which facts',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    case: { value: 'NAME', help: 'a case of the directory' },
    body: { value: 'FILE', help: 'the body of a request; - reads it from standard input' },
    answer: { help: 'it is the body of an answer, or the events of a stream' },
    operation: { value: 'NAME', help: 'the dialect or path of the body; of a case, where to tell it' },
    input: {
      value: 'FILE',
      help: 'in the place of an exchange, the input that policies were given, as JSON or YAML',
    },
    all: { help: 'also why the other rules gave no verdict' },
  },
  examples: [
    { line: 'policy explain policies --case "small talk"', purpose: 'a case, as it is decided' },
    {
      line: 'policy explain policies --body request.json --operation openai-chat --all',
      purpose: 'a request that was refused, or that was not',
    },
    { line: 'policy explain policies --input input.json -o json', purpose: 'an input, for programs' },
  ],
  run: explain,
};

async function explain(call: Call): Promise<ExitCode> {
  const { print, options } = call;
  const subject = await readSubject(options);
  return withWorkspace(call, async (workspace) => {
    if (workspace.compiler.explain === null) return complainOfOpa(print, 'explain');
    const explained = await explainSubject(workspace, subject);
    if (!explained.ok) return workspace.complain(explained.error);
    const isAll = options['all'] === true;
    if (print.isJson) print.json(describeExplained(explained.value, isAll));
    else printExplained(print, explained.value, { shelf: workspace.shelf, isAll });
    return explained.value.differs ? EXIT.findings : EXIT.fine;
  });
}

type Answer<T> = Result<T, Parameters<Workspace['complain']>[0]>;

async function explainSubject(
  workspace: Workspace,
  subject: Awaited<ReturnType<typeof readSubject>>,
): Promise<Answer<Explained>> {
  const { own, compiler } = workspace;
  const program = await assemblePolicies(own, workspace);
  if (!program.ok) return program;
  const bytes = await compilePolicies(own, { ...workspace, revision: '' });
  if (!bytes.ok) return bytes;
  const bundle = readBundle(bytes.value);
  if (!bundle.ok) return err([{ file: '', row: 0, col: 0, ...bundle.error }]);
  const asked = await askAbout(subject, { own, open: createOpener(bundle.value) });
  if (!asked.ok) return asked;
  const { input, parts, opened } = asked.value;
  if (input === null || compiler.explain === null) return joinExplanation(asked.value, null);
  const { modules } = program.value;
  const explanation = await compiler.explain({
    modules,
    data: opened.data,
    input: withTexts(input, parts),
  });
  return explanation.ok ? joinExplanation(asked.value, explanation.value) : explanation;
}
