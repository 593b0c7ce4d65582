// `postern policy bundle verify`: a bundle and a public key in; who signed it, and what it holds, out.
import { parsePublicKey, verifyBundle } from '../../policy/index.ts';
import { requireText, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printSigned, reportFault } from './bundle-print.ts';
import { readBytes } from './read-bytes.ts';
import { requireFile } from './require-file.ts';

export const bundleVerifyCommand: Command = {
  kind: 'command',
  name: 'verify',
  summary: 'tell whether a bundle is what the owner of a key signed',
  operands: 'FILE',
  options: { key: { value: 'PEM', help: 'file of the public Ed25519 key' } },
  examples: [
    {
      line: 'policy bundle verify bundle.tar.gz --key ci.pub.pem',
      purpose: 'ends with 1 when it is not, or is not signed',
    },
  ],
  run: verify,
};

/** Under whatever name the bundle gives the key: the caller has chosen it. */
async function verify({ operands, options, print }: Call): Promise<ExitCode> {
  const file = requireFile(operands, 'FILE');
  const keyFile = requireText(options, 'key');
  const key = parsePublicKey((await readBytes(keyFile)).toString());
  if (!key.ok) return reportFault(print, keyFile, { code: 'signature.key', message: `It ${key.error}.` });
  const signed = await verifyBundle(await readBytes(file), async () => key);
  if (!signed.ok) return reportFault(print, file, signed.error);
  printSigned(print, file, signed.value);
  return EXIT.fine;
}
