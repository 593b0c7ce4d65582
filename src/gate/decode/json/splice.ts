// A body and edits of ranges of it in; the body with just those ranges replaced out.
import { PosternError, type Edit } from '../../../exchange/index.ts';

/**
 * Every byte outside the edits is kept as it was.
 * @throws PosternError POSTERN_E_CANNOT_EDIT when edits overlap or lie outside of the body.
 */
export function spliceEdits(body: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return body;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, replacement } of [...edits].sort(byPlace)) {
    if (start < at || end < start || end > body.length) throw new PosternError('POSTERN_E_CANNOT_EDIT');
    pieces.push(body.subarray(at, start), Buffer.from(replacement));
    at = end;
  }
  return Buffer.concat([...pieces, body.subarray(at)]);
}

/** What is inserted before a range comes before what replaces it. */
const byPlace = (a: Edit, b: Edit): number => a.start - b.start || a.end - b.end;

/** A text as the JSON string literal that holds it, quotes included. */
export const encodeString = (text: string): string => JSON.stringify(text);
