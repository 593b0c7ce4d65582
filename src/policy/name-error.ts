// Something thrown in; a word for its kind out, never its message, which may quote what it failed on.
import { isNativeError } from 'node:util/types';

export const nameError = (error: unknown): string =>
  isNativeError(error) ? ((error as NodeJS.ErrnoException).code ?? error.name) : typeof error;
