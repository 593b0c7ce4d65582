// The sources of a directory in; how many tests and cases each of its policies has, out.
import type { PolicySources, RegoCompiler } from '../../policy/compiler/index.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import { ok, type Result } from '../../lib/result.ts';
import { readCases } from '../cases/index.ts';

interface Counts {
  readonly tests: number;
  readonly cases: number;
}

/** Tests lie in the package `<policy>_test`, cases in a file `<policy's name>_cases.*` of its folder. */
export async function countTests(
  { modules, cases: files }: PolicySources,
  compiler: RegoCompiler,
): Promise<Result<(policy: string) => Counts, readonly PolicyIssue[]>> {
  const packages = await compiler.inspect(modules);
  if (!packages.ok) return packages;
  const cases = readCases(files);
  if (!cases.ok) return cases;
  const inPackage = (name: string): typeof packages.value =>
    packages.value.filter(({ path }) => path.join('.') === name);
  return ok((policy) => {
    const name = `postern.policies.${policy}`;
    const tests = inPackage(`${name}_test`).flatMap(({ rules }) => rules.map((rule) => rule.name));
    const beside = new Set(inPackage(name).map(({ file }) => file.replace(/\.rego$/, '')));
    return {
      tests: new Set(tests.filter((test) => test.startsWith('test_'))).size,
      cases: cases.value.filter(({ file }) => beside.has(file.replace(/_cases\.[a-z]+$/, ''))).length,
    };
  });
}
