// Texts that come again with every request, as instructions do, in; their SHA-256 out, most of the time by comparing.
import { hash } from 'node:crypto';

/** Comparing costs a twentieth of hashing; what is kept for it is bounded, in characters and in texts. */
const MOST_KEPT = 1024 * 1024;
const MOST_TEXTS = 8;

interface Known {
  readonly text: string;
  readonly sha256: string;
}

export function rememberHashes(): (text: string) => string {
  let known: readonly Known[] = [];
  return (text) => {
    const again = known.find((each) => each.text === text);
    if (again !== undefined) return again.sha256;
    const sha256 = hash('sha256', text);
    if (text.length <= MOST_KEPT) known = forgetOldest([{ text: copy(text), sha256 }, ...known]);
    return sha256;
  };
}

function forgetOldest(known: readonly Known[]): readonly Known[] {
  let kept = 0;
  return known.filter(({ text }, index) => (kept += text.length) <= MOST_KEPT && index < MOST_TEXTS);
}

/** A text may be a view of the body that it came in, and would keep all of it. */
const copy = (text: string): string => Buffer.from(text).toString();
