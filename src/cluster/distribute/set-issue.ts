// What is wrong with a set of policies, told by the ConfigMap and key that its author knows.
import type { PolicyIssue } from '../../policy/index.ts';

export interface SetIssue {
  /** `namespace/name`; empty when no one ConfigMap is to blame. */
  readonly configMap: string;
  /** Empty when it is about the ConfigMap as a whole. */
  readonly key: string;
  /** From 1; 0 when it is about the key as a whole. */
  readonly row: number;
  readonly column: number;
  /** Stable, e.g. `data.locked`. */
  readonly code: string;
  readonly message: string;
}

const LONGEST_MESSAGE = 200;

/** Told where there is little room. */
export const shorten = (text: string): string =>
  text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 1)}…`;

const PLACE = /^([^/]+\/[^/]+)\/([^/]+)$/;

/** `file` is `<namespace>/<ConfigMap>/<key>`; any other is named in the message. */
export function locateIssue({ file, row, col, code, message }: PolicyIssue): SetIssue {
  const [, configMap, key] = PLACE.exec(file) ?? [];
  if (configMap !== undefined && key !== undefined && !file.startsWith('@'))
    return { configMap, key, row, column: col, code, message };
  const where = file === '' ? '' : `${file}: `;
  return { configMap: '', key: '', row: 0, column: 0, code, message: `${where}${message}` };
}

/** `key:row:column: message`, as far as it is known. */
export function describeIssue({ key, row, column, message }: SetIssue): string {
  const place = [key, ...(row === 0 ? [] : [row, column])].filter((each) => each !== '');
  return [...(place.length === 0 ? [] : [place.join(':')]), message].join(': ');
}
