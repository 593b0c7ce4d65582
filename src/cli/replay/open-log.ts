// The name of a log in; its bytes, as they are read, and how many there are, out.
import { createReadStream, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';

export interface OpenedLog {
  readonly chunks: AsyncIterable<Buffer>;
  /** Null where nobody knows before the end. */
  readonly bytes: number | null;
}

/** `-` is standard input. Why it cannot be read, where it cannot. */
export async function openLog(file: string): Promise<OpenedLog | { readonly problem: string }> {
  if (file === '-') return { chunks: process.stdin as AsyncIterable<Buffer>, bytes: null };
  try {
    const found = await probe(file);
    if (found.isDirectory()) return { problem: 'it is a directory' };
    return {
      chunks: createReadStream(file) as AsyncIterable<Buffer>,
      bytes: found.isFile() ? found.size : null,
    };
  } catch (error) {
    return { problem: (error as NodeJS.ErrnoException).code ?? 'unknown error' };
  }
}

/** Opened, so that what may not be read shows before policies are compiled. */
async function probe(file: string): Promise<Stats> {
  const handle = await open(file);
  try {
    return await handle.stat();
  } finally {
    await handle.close();
  }
}
