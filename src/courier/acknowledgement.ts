// What the store says of its policies in; what the controller is told, in few words, out. Never of an exchange.
import type { PolicyStatus } from '../policy/index.ts';

export interface Acknowledgement {
  /** Of the bundle in force; null without one. */
  readonly digest: string | null;
  readonly state: PolicyStatus['state'];
  /** RFC 3339. */
  readonly loadedAt: string | null;
  readonly version: string;
  /** What is compared with it; null where nothing is. */
  readonly candidate: ComparedCandidate | null;
  readonly issues: ReadonlyArray<{
    readonly file: string;
    readonly row: number;
    readonly column: number;
    readonly message: string;
  }>;
}

export interface ComparedCandidate {
  readonly digest: string;
  readonly state: PolicyStatus['state'];
  /** How many sides of exchanges it was asked about, by what became of them. */
  readonly sides: Readonly<Record<string, number>>;
}

const ISSUES = 16;
const CHARACTERS = 512;

export const acknowledge = (
  { digest, state, loadedAtMs, failure }: PolicyStatus,
  candidate: ComparedCandidate | null,
  version: string,
): Acknowledgement => ({
  digest,
  state,
  loadedAt: loadedAtMs === null ? null : new Date(loadedAtMs).toISOString(),
  version,
  candidate,
  issues: (failure?.issues ?? []).slice(0, ISSUES).map(({ file, row, col, message }) => ({
    file,
    row,
    column: col,
    message: message.slice(0, CHARACTERS),
  })),
});
