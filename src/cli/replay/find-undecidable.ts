// A bundle and the facts of a log in; which of its policies may read something that the log does not hold, and what, out.
import type { Snapshot } from '../../policy/index.ts';
import type { RecordedFacts } from './read-entry.ts';

/** Policy -> the fields. Only of policies that are enforced: what the others say changes nothing. */
export function findUndecidable(
  snapshot: Snapshot,
  { erased, patterns }: RecordedFacts,
): ReadonlyMap<string, readonly string[]> {
  // Other patterns find other things; what was found then says nothing about them.
  const missing = [...erased, ...(patterns === snapshot.patterns ? [] : ['findings'])];
  const fields = missing.filter((path) => mayRead(snapshot, path));
  const enforced = snapshot.policyIds.filter((id) => (snapshot.modes[id] ?? 'enforce') === 'enforce');
  return new Map(fields.length === 0 ? [] : enforced.map((id) => [id, fields]));
}

/** A bundle says of the text of parts whether it is read; of the rest it says nothing. */
const mayRead = ({ readsText }: Snapshot, path: string): boolean => path !== 'parts.text' || readsText;
