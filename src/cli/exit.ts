// What a command ends with; numbers of sysexits where there are any.
export const EXIT = {
  fine: 0,
  findings: 1,
  usage: 64,
  badData: 65,
  unavailable: 69,
  timedOut: 75,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For people, who read it in the help of every command and in docs/cli.md. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.fine]: 'all is well',
  [EXIT.findings]: 'it ran, and found something: a test that failed, a file that does not compile',
  [EXIT.usage]: 'wrong usage: there is no such command, option or file',
  [EXIT.badData]: 'bad input: a directory or a document that cannot be read',
  [EXIT.unavailable]: 'what it needs is not there: a Rego compiler that can do this, a cluster that answers',
  [EXIT.timedOut]: 'it did not come about in time',
};
