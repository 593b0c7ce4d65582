// A file's name and its bytes in; on disk all of them or none, never a half.
import { open, rename, rm } from 'node:fs/promises';

/**
 * Whoever looks sees the old file or the new one. With a mode the file has exactly that, and never had a wider one.
 * @throws NodeJS.ErrnoException when it cannot be written.
 */
export async function writeWhole(file: string, bytes: Uint8Array | string, mode?: number): Promise<void> {
  const part = `${file}.${String(process.pid)}.part`;
  try {
    await writePart(part, bytes, mode);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function writePart(part: string, bytes: Uint8Array | string, mode?: number): Promise<void> {
  const handle = await open(part, 'w', mode);
  try {
    if (mode !== undefined) await handle.chmod(mode); // the process's mask took from it, or the file was left behind
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
