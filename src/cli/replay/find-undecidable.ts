// A bundle and the facts of a log in; which of its policies may read something that the log does not hold, and what, out.
import type { Phase } from '../../exchange/index.ts';
import { mayRead } from '../../gate/decide/index.ts';
import type { Snapshot } from '../../policy/index.ts';
import type { RecordedFacts } from './read-entry.ts';

/** Policy -> the fields. Only of policies that are enforced: what the others say changes nothing. */
export function findUndecidable(
  snapshot: Snapshot,
  phase: Phase,
  { erased, patterns }: RecordedFacts,
): ReadonlyMap<string, readonly string[]> {
  // Other patterns find other things; what was found then says nothing about them.
  const missing = [...erased, ...(patterns === snapshot.patterns ? [] : ['findings'])];
  const fields = missing.filter((path) => mayRead(snapshot.reads, phase, path));
  const enforced = snapshot.policyIds.filter((id) => (snapshot.modes[id] ?? 'enforce') === 'enforce');
  return new Map(fields.length === 0 ? [] : enforced.map((id) => [id, fields]));
}
