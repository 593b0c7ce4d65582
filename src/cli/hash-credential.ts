// `postern hash-credential`: a credential, never as an argument, in; the hash that `accounts.allow` lists it by out.
import { hashKey, parseKey } from '../lib/key.ts';
import { textOf, UsageError, type Call, type Command } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { readBytes } from './policy/read-bytes.ts';

export const hashCredentialCommand: Command = {
  kind: 'command',
  name: 'hash-credential',
  summary: 'hash a credential of an application, to allow it in the configuration',
  operands: '[FILE]',
  options: {
    'salt-file': { value: 'FILE', help: 'the one of `accounts.salt_file`; without it there is no salt' },
  },
  examples: [
    {
      line: 'hash-credential --salt-file salt < key',
      purpose:
        'for accounts.allow; arguments would be seen by everybody, so the key is read from standard input',
    },
    { line: 'hash-credential /var/run/secrets/llm/key -o json', purpose: 'for programs, of a file' },
  ],
  run: hash,
};

async function hash({ operands, options, print }: Call): Promise<ExitCode> {
  const [file = '-', ...more] = operands;
  if (more.length > 0) throw new UsageError(`one FILE at a time, not ${String(operands.length)}`);
  const saltFile = textOf(options, 'salt-file');
  const salt = saltFile === undefined ? '' : await readKey(saltFile);
  const hashed = hashKey(salt, await readKey(file));
  if (print.isJson) print.json({ hash: hashed });
  else print.line(hashed);
  return EXIT.fine;
}

/** @throws UsageError which says nothing of what is there. */
async function readKey(file: string): Promise<string> {
  const key = parseKey((await readBytes(file)).toString());
  if (key !== null) return key;
  const where = file === '-' ? 'standard input' : file;
  throw new UsageError(`${where} is to hold one line: 1 to 8192 visible ASCII characters`);
}
