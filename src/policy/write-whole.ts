// A file's name and its bytes in; on disk all of them or none, never a half.
import { rename, rm, writeFile } from 'node:fs/promises';

/** Whoever looks sees the old file or the new one. @throws NodeJS.ErrnoException when it cannot be written. */
export async function writeWhole(file: string, bytes: Uint8Array | string): Promise<void> {
  const part = `${file}.${String(process.pid)}.part`;
  try {
    await writeFile(part, bytes, { flush: true });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
