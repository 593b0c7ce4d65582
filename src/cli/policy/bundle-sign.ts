// `postern policy bundle sign`: a bundle and a private key in, the bundle signed out.
import { isKeyId, isSerial, nameKey, parsePrivateKey, signBundle } from '../../policy/index.ts';
import { requireText, textOf, UsageError, type Call, type Command, type Options } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printSigned, reportFault } from './bundle-print.ts';
import { readBytes } from './read-bytes.ts';
import { requireFile } from './require-file.ts';
import { writeBytes } from './write-bytes.ts';

export const bundleSignCommand: Command = {
  kind: 'command',
  name: 'sign',
  summary: 'sign a bundle, so that sidecars can tell that it is yours',
  operands: 'FILE',
  options: {
    key: { value: 'PEM', help: 'file of the private Ed25519 key' },
    'key-id': { value: 'ID', help: 'its name in policy.signature.keys; without it, the one keygen gave' },
    serial: { value: 'N', help: 'higher than in any bundle before; without it, the seconds since 1970' },
    out: { value: 'FILE', help: 'where to write it; without it, in place' },
  },
  examples: [
    {
      line: 'policy bundle sign bundle.tar.gz --key ci.pem',
      purpose: 'in place; what is signed later is newer',
    },
    {
      line: 'policy bundle sign bundle.tar.gz --key ci.pem --serial "$(git show -s --format=%ct)"',
      purpose: 'the same bytes for the same commit',
    },
  ],
  run: sign,
};

async function sign({ operands, options, print }: Call): Promise<ExitCode> {
  const file = requireFile(operands, 'FILE');
  const keyFile = requireText(options, 'key');
  const serial = readSerial(options);
  const out = textOf(options, 'out') ?? file;
  if (out === '-') throw new UsageError('--out is missing: what comes in by - has no file to be written to');
  const key = parsePrivateKey((await readBytes(keyFile)).toString());
  if (!key.ok) return reportFault(print, keyFile, { code: 'signature.key', message: `It ${key.error}.` });
  const signature = { keyId: readKeyId(options) ?? nameKey(key.value), serial };
  const signed = signBundle(await readBytes(file), { ...signature, key: key.value });
  if (!signed.ok) return reportFault(print, file, signed.error);
  await writeBytes(out, signed.value.bytes);
  printSigned(print, out, { bundle: signed.value.bundle, signature });
  return EXIT.fine;
}

/** @throws UsageError */
function readSerial(options: Options): number {
  const text = textOf(options, 'serial') ?? String(Math.floor(Date.now() / 1000));
  if (!/^\d+$/.test(text) || !isSerial(Number(text)))
    throw new UsageError(`--serial is a whole number, at most ${String(Number.MAX_SAFE_INTEGER)}`);
  return Number(text);
}

/** @throws UsageError */
function readKeyId(options: Options): string | undefined {
  const id = textOf(options, 'key-id');
  if (id !== undefined && !isKeyId(id))
    throw new UsageError('--key-id is at most 63 letters, digits, dots, dashes and underscores');
  return id;
}
