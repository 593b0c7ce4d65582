// Operands in, the one file that a command is about out.
import { UsageError } from '../command.ts';

/** @throws UsageError when there is none, or more than one. */
export function requireFile(operands: readonly string[], what: string): string {
  const [file, ...more] = operands;
  if (file === undefined) throw new UsageError(`${what} is missing`);
  if (more.length > 0) throw new UsageError(`one ${what} at a time, not ${String(operands.length)}`);
  return file;
}
