// A skeleton in, its spaced-out spellings ("i g n o r e  t h i s") joined out; nothing when there are none.
import { Trace } from './trace.ts';
import type { TracedText } from './trace.ts';

const SPACE = 0x20;
/** So many single letters in a row are no list of initials. */
const SPACED_OUT = /(?:(?<![^ ])[^ ] ){7,}[^ ](?![^ ])/gu;
const ANY_SPACED_OUT = /(?: [^ ]){3} /u;

/** Runs are parted by a space; offsets are those of the skeleton. */
export const traceCompact = (skeleton: string): TracedText | null => {
  if (!ANY_SPACED_OUT.test(` ${skeleton} `)) return null;
  const trace = new Trace(64);
  for (const run of skeleton.matchAll(SPACED_OUT)) {
    if (trace.last !== -1) trace.push(SPACE, run.index);
    for (let i = 0; i < run[0].length; i += 1) {
      const unit = run[0].charCodeAt(i);
      if (unit !== SPACE) trace.push(unit, run.index + i);
    }
  }
  return trace.last === -1 ? null : trace.finish(skeleton.length);
};
