// For dialects whose answers neither stream nor have words for a refusal: refusals in, errors out.
import { err } from '../../lib/result.ts';
import type { Codec, Encoder } from './codec.ts';

const UNEXPECTED = err({ code: 'stream.unexpected' });

/** What arrives as a stream all the same is not understood. */
export const openNoStream: Codec['openStream'] = () => ({ push: () => UNEXPECTED, end: () => UNEXPECTED });

export const errorsOnly = (error: Encoder['error']): Encoder => ({
  error,
  answer: () => null,
  openTail: () => ({ released() {}, refuse: () => [] }),
});
