// Rego in files' stead: the compiler of this checkout, and sources as a directory would give them.
import { openCompiler, type PolicySources, type RegoCompiler } from '../../src/policy/compiler/index.ts';

/** Fails clearly where the compiler was not built. */
export async function requireCompiler(): Promise<RegoCompiler> {
  const compiler = await openCompiler(process.env);
  if (compiler === null) throw new Error('There is no Rego compiler: run `make regoc`.');
  return compiler;
}

/** Name -> text, as in a directory. */
export function sourcesOf(files: Readonly<Record<string, string>>, prefix = ''): PolicySources {
  const named = Object.entries(files).map(([name, text]) => ({ name, file: `${prefix}${name}`, text }));
  return {
    modules: named
      .filter(({ name }) => name.endsWith('.rego'))
      .map(({ file, text }) => ({ file, text, test: file.endsWith('_test.rego') })),
    data: named.filter(({ name }) => !name.endsWith('.rego')),
    cases: [],
  };
}
