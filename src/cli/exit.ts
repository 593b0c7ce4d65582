// What a command ends with; numbers of sysexits where there are any.
export const EXIT = {
  fine: 0,
  /** It ran, and found something: a test that failed, a file that does not compile. */
  findings: 1,
  usage: 64,
  badData: 65,
  unavailable: 69,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
