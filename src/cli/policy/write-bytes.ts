// A file that the command line names, and its bytes, in; on disk all of them or none.
import { writeWhole } from '../../lib/write-whole.ts';
import { UsageError } from '../command.ts';

/** @throws UsageError when it cannot be written. */
export async function writeBytes(file: string, bytes: Buffer): Promise<void> {
  try {
    await writeWhole(file, bytes);
  } catch (error) {
    throw new UsageError(
      `${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
}
