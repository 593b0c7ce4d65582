// What is wrong with policies, and where: for people, so it may quote policies, never an exchange.

export interface PolicyIssue {
  /** Below the directory of policies; empty when no one file is to blame. */
  readonly file: string;
  /** From 1; 0 when it is about the file as a whole. */
  readonly row: number;
  readonly col: number;
  /** Stable, e.g. `policy.empty`. */
  readonly code: string;
  readonly message: string;
}

export const wholeIssue = (code: string, message: string, file = ''): PolicyIssue => ({
  file,
  row: 0,
  col: 0,
  code,
  message,
});

/** `file:row:col`, as far as it is known. */
export const formatPlace = ({ file, row, col }: PolicyIssue): string =>
  row === 0 ? file : `${file}:${String(row)}:${String(col)}`;

/** Why a load came to nothing. */
export interface LoadProblem {
  readonly issues: readonly PolicyIssue[];
  /** Nothing is known to be wrong with the policies: the same ones may load later. */
  readonly isPassing: boolean;
}

export const lastingProblem = (...issues: readonly PolicyIssue[]): LoadProblem => ({
  issues,
  isPassing: false,
});
