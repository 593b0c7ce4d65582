// `postern policy schema`: what a policy can read, as JSON schema.
import { INPUT_SCHEMA } from '../../gate/decide/index.ts';
import { UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';

export const schemaCommand: Command = {
  kind: 'command',
  name: 'schema',
  summary: 'print the JSON schema (draft 7) of what policies read',
  operands: '',
  options: {},
  examples: [
    { line: 'policy schema > input.schema.json', purpose: 'for an editor, or `opa check --schema`' },
  ],
  run: printSchema,
};

async function printSchema({ operands, print }: Call): Promise<ExitCode> {
  if (operands.length > 0) throw new UsageError('there is one schema, whatever the directory');
  if (print.isJson) print.json(INPUT_SCHEMA);
  else print.line(JSON.stringify(INPUT_SCHEMA, null, 2));
  return EXIT.fine;
}
