// What is wrong with policies in, `file:row:col: code: message` with the line and a caret out; or JSON.
import { join } from 'node:path';
import type { PolicySources } from '../../policy/compiler/index.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import type { Printer } from '../print.ts';

/** Finds files by the names that issues have. */
export interface Shelf {
  /** A path that people can open. */
  pathOf(this: void, file: string): string;
  textOf(this: void, file: string): string | undefined;
}

export function createShelf(directory: string, own: PolicySources, builtin: PolicySources): Shelf {
  const textsOf = ({ modules, data, cases }: PolicySources): Map<string, string> =>
    new Map([...modules, ...data, ...cases].map(({ file, text }) => [file, text]));
  const [texts, builtinTexts] = [textsOf(own), textsOf(builtin)];
  return {
    pathOf: (file) => (texts.has(file) ? join(directory, file) : file),
    textOf: (file) => texts.get(file) ?? builtinTexts.get(file),
  };
}

/** Programs know the directory; people want paths. */
export function reportIssues(print: Printer, issues: readonly PolicyIssue[], shelf: Shelf): void {
  if (print.isJson) print.json({ issues });
  else for (const issue of issues) print.line(writeIssue(print, issue, shelf));
}

export function writeIssue(print: Printer, issue: PolicyIssue, shelf: Shelf): string {
  const { file, row, col, code, message } = issue;
  const place = [shelf.pathOf(file), ...(row === 0 ? [] : [row, col])].filter((each) => each !== '');
  const head = [print.style('bold', place.join(':')), print.style('red', code), message];
  const line = shelf.textOf(file)?.split('\n')[row - 1];
  return [head.filter((each) => each !== '').join(': '), ...quote(print, issue, line)].join('\n');
}

function quote(print: Printer, { row, col }: PolicyIssue, line: string | undefined): string[] {
  if (line === undefined) return [];
  const margin = String(row).padStart(5);
  // The line's own tabs, so that the caret stands where the column is.
  const indent = line.slice(0, Math.max(0, col - 1)).replaceAll(/[^\t]/g, ' ');
  const dim = (words: string): string => print.style('dim', words);
  return [`${dim(`${margin} |`)} ${line}`, `${dim(`${' '.repeat(margin.length)} |`)} ${indent}^`];
}
