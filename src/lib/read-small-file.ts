// A path of the configuration in, the whole text of a small file out.
import { open } from 'node:fs/promises';

const LARGEST_BYTES = 16_384;

/** @throws NodeJS.ErrnoException when it cannot be read, EFBIG when there is more of it. */
export async function readSmallFile(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LARGEST_BYTES + 1), 0, LARGEST_BYTES + 1, 0);
    if (bytesRead > LARGEST_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
