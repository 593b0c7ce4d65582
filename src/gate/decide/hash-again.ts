// Texts that come again with every request, as instructions do, in; their SHA-256 out, most of the time by comparing.
import { hash } from 'node:crypto';

const MOST_TEXTS = 8;
/** A comparison costs a tenth of a hash; what is kept is bounded. */
const LONGEST = 128 * 1024;

interface Known {
  readonly text: string;
  readonly sha256: string;
}

export function rememberHashes(): (text: string) => string {
  const known: Known[] = [];
  return (text) => {
    const again = known.find((each) => each.text === text);
    if (again !== undefined) return again.sha256;
    const sha256 = hash('sha256', text);
    if (text.length > LONGEST) return sha256;
    known.unshift({ text: copy(text), sha256 });
    known.length = Math.min(known.length, MOST_TEXTS);
    return sha256;
  };
}

/** A text may be a view of the body that it came in, and would keep all of it. */
const copy = (text: string): string => Buffer.from(text).toString();
