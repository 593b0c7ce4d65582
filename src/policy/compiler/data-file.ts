// A data file as it was read, not yet understood.
export interface DataFile {
  /** Below its directory. */
  readonly name: string;
  /** For people. */
  readonly file: string;
  readonly text: string;
}
