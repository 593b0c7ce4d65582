// `postern policy eval`: policies and one input in, what they say to it out.
import { assemblePolicies, buildData, parseDocument } from '../../policy/compiler/index.ts';
import { requireText, textOf, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readBytes } from './read-bytes.ts';
import { WORKSPACE_OPTIONS, withWorkspace } from './workspace.ts';

const DEFAULT_QUERY = 'data.postern.main.result';

export const evalCommand: Command = {
  kind: 'command',
  name: 'eval',
  summary: 'ask policies about one input',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    input: { value: 'FILE', help: 'the input as JSON or YAML; - reads it from standard input' },
    data: { value: 'FILE', help: 'more data, which wins over that of the directory' },
    query: { value: 'QUERY', help: `what to ask, instead of ${DEFAULT_QUERY}` },
  },
  examples: [
    { line: 'policy eval policies --input input.json', purpose: 'what every policy says to an input' },
    {
      line: 'policy eval policies --input - --query data.postern.policies.legal.contracts.deny <input.json',
      purpose: 'what one rule says',
    },
  ],
  run: evaluate,
};

async function evaluate(call: Call): Promise<ExitCode> {
  const { options, print } = call;
  const inputFile = requireText(options, 'input');
  const dataFile = textOf(options, 'data');
  const [inputText, dataText] = [
    (await readBytes(inputFile)).toString(),
    dataFile === undefined ? '{}' : (await readBytes(dataFile)).toString(),
  ];
  const query = textOf(options, 'query') ?? DEFAULT_QUERY;
  return withWorkspace(call, async ({ own, compiler, builtin, platform, complain }) => {
    const input = parseDocument(inputFile, inputText);
    const program = await assemblePolicies(own, { compiler, builtin, platform });
    if (!program.ok) return complain(program.error);
    const extra = { name: 'data.yaml', file: dataFile ?? '', text: dataText };
    const data = buildData([asFile(program.value.data)], [extra]);
    if (!input.ok || !data.ok) {
      complain([...(input.ok ? [] : [input.error]), ...(data.ok ? [] : data.error)]);
      return EXIT.badData;
    }
    const { modules } = program.value;
    const results = await compiler.evaluate({ modules, data: data.value, input: input.value, query });
    if (!results.ok) return complain(results.error);
    print.json(results.value.length === 1 ? results.value[0] : results.value);
    return EXIT.fine;
  });
}

const asFile = (data: object): { name: string; file: string; text: string } => ({
  name: 'data.json',
  file: '',
  text: JSON.stringify(data),
});
