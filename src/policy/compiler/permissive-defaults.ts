// What modules say of their packages in; the defaults that would let pass what cannot be decided, with their places, out.
import type { PolicyIssue } from '../issue.ts';
import { isRecord } from '../json-bytes.ts';
import type { PackageFacts } from './rego-compiler.ts';

/** What people call the rule that lets pass. Here nothing does: what no policy denies is allowed. */
const PERMISSION = /(?:^|_)(?:allow(?:s|ed)?|permit(?:s|ted)?|authori[sz]ed)(?:_|$)/;
const NEGATION = /(?:^|_)(?:no|not|never)_/;

/** What is missing, of the wrong type or unknown would then be allowed. */
export const findPermissive = (packages: readonly PackageFacts[]): PolicyIssue[] =>
  packages.flatMap(({ file, rules }) =>
    rules.flatMap(({ name, row, col, default: value }) => {
      const [before, after] = [value, forbid(name, value)].map((each) => JSON.stringify(each));
      if (before === after) return [];
      const message = `What cannot be decided would be allowed: \`default ${name} := ${String(after)}\`.`;
      return [{ file, row, col, code: 'policy.default', message }];
    }),
  );

/** The same, with nothing in it that lets pass. */
function forbid(name: string, value: unknown): unknown {
  if (value === 'allow') return 'deny';
  if (value === true) return !PERMISSION.test(name) || NEGATION.test(name);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forbid(key, item)]));
}
