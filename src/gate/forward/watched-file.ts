// A file of credentials in; what it holds now out. It is read again whenever it has changed.
import { readFileSync, statSync, type Stats } from 'node:fs';
import { PosternError } from '../../exchange/index.ts';

const MAX_BYTES = 65_536;

export class WatchedFile<T> {
  readonly #file: string;
  readonly #parse: (text: string) => T;
  #held: { readonly stamp: string; readonly value: T } | null = null;

  /** What `parse` throws names the problem, and nothing of the file. */
  constructor(file: string, parse: (text: string) => T) {
    this.#file = file;
    this.#parse = parse;
  }

  /** @throws PosternError POSTERN_E_CREDENTIALS, which says why and holds nothing of the file. */
  read(): T {
    try {
      const stamp = stampOf(statSync(this.#file));
      if (this.#held?.stamp !== stamp)
        this.#held = { stamp, value: this.#parse(readFileSync(this.#file, 'utf8')) };
      return this.#held.value;
    } catch (error) {
      this.#held = null;
      throw new PosternError('POSTERN_E_CREDENTIALS', `File: ${this.#file} (${reasonOf(error)}).`, {
        cause: error,
      });
    }
  }
}

/** Anything but a small file would keep whoever reads it. */
function stampOf(stats: Stats): string {
  if (!stats.isFile() || stats.size > MAX_BYTES) throw new Error('not a small file');
  return `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
};

const OTHERS_READ = 0o004;

/** A file that is not there is another's to complain about. */
export const isReadableByAll = (file: string): boolean =>
  ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS_READ) !== 0;
