// A signed bundle, or what is wrong with one, in; lines for people or one JSON document out.
import { wholeIssue, type BundleFault, type SignatureFault, type SignedBundle } from '../../policy/index.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { reportIssues, type Shelf } from './report.ts';

/** Files are named as they were typed, and have no lines. */
const TYPED: Shelf = { pathOf: (file) => file, textOf: () => undefined };

export function reportFault(print: Printer, file: string, fault: BundleFault | SignatureFault): ExitCode {
  reportIssues(print, [wholeIssue(fault.code, fault.message, file)], TYPED);
  return fault.code.startsWith('bundle.') || fault.code === 'signature.key' ? EXIT.badData : EXIT.findings;
}

export function printSigned(print: Printer, file: string, { bundle, signature }: SignedBundle): void {
  const { digest, revision } = bundle;
  const policies = bundle.policies.map(({ id }) => id);
  const { keyId, serial } = signature;
  if (print.isJson) return print.json({ bundle: file, key_id: keyId, serial, digest, revision, policies });
  print.line(`${print.style('bold', file)}: signed with the key ${keyId}, serial ${String(serial)}`);
  print.line(`digest ${digest}`);
  print.line(`revision ${revision === '' ? 'none' : revision}`);
  print.line(`policies ${policies.join(', ')}`);
}
