// `postern policy bundle keygen`: a name in, a new pair of keys in two files out.
import { rm, writeFile } from 'node:fs/promises';
import { generateKeys } from '../../policy/index.ts';
import { UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { requireFile } from './require-file.ts';

export const bundleKeygenCommand: Command = {
  kind: 'command',
  name: 'keygen',
  summary: 'make a pair of Ed25519 keys to sign bundles with',
  operands: 'NAME',
  options: {},
  examples: [
    {
      line: 'policy bundle keygen ci',
      purpose: 'ci.pem is secret and signs; ci.pub.pem goes to the sidecars',
    },
  ],
  run: generate,
};

async function generate({ operands, print }: Call): Promise<ExitCode> {
  const name = requireFile(operands, 'NAME');
  const { keyId, privateKey, publicKey } = generateKeys();
  const [secret, open] = [`${name}.pem`, `${name}.pub.pem`];
  await writeAnew(secret, privateKey);
  try {
    await writeAnew(open, publicKey);
  } catch (error) {
    await rm(secret);
    throw error;
  }
  if (print.isJson) print.json({ key_id: keyId, private_key: secret, public_key: open });
  else print.line(describeNext({ keyId, secret, open }));
  return EXIT.fine;
}

/** Nobody else may read it, and nothing is overwritten. @throws UsageError */
async function writeAnew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const problem = code === 'EEXIST' ? 'exists, and is not overwritten' : `cannot be written: ${code}`;
    throw new UsageError(`${file} ${problem}`);
  }
}

interface Pair {
  readonly keyId: string;
  readonly secret: string;
  readonly open: string;
}

const describeNext = ({ keyId, secret, open }: Pair): string => `${secret}: the private key; keep it secret
${open}: the public key

Next:
  postern policy bundle sign bundle.tar.gz --key ${secret}
and in the configuration of the sidecars:
  policy: {signature: {keys: {${keyId}: ${open}}}}`;
