// What policies are offered beyond what an `opa` has: how it learns to compile it, and says that it cannot run it.
import type { Result } from '../../lib/result.ts';
import type { PolicyIssue } from '../issue.ts';

interface Capabilities {
  readonly builtins: ReadonlyArray<{ readonly name: string }>;
}

/** The capabilities that tests are written with: all that it has, and ours. */
export function joinCapabilities(has: object, offered: object): object {
  const names = new Set((has as Capabilities).builtins.map(({ name }) => name));
  const ours = (offered as Capabilities).builtins.filter(({ name }) => !names.has(name));
  return { ...has, builtins: [...(has as Capabilities).builtins, ...ours] };
}

/** What it does not know, though it is offered, is no mistake of who wrote it. */
export function explainLacks<T>(
  answer: Result<T, readonly PolicyIssue[]>,
  offered: object,
): Result<T, readonly PolicyIssue[]> {
  if (answer.ok) return answer;
  const names = new Set((offered as Capabilities).builtins.map(({ name }) => name));
  const explain = (issue: PolicyIssue): PolicyIssue => {
    const [, name = ''] = /^undefined function (\S+)$/.exec(issue.message) ?? [];
    return names.has(name) ? { ...issue, code: 'opa.lacks', message: sayLack(name) } : issue;
  };
  return { ok: false, error: answer.error.map(explain) };
}

const sayLack = (name: string): string =>
  `an opa on PATH builds policies that use ${name}, but can neither test nor evaluate them: run \`make regoc\``;
