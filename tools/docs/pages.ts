// The files that are made from the code, and how each is made.
import { SECTIONS } from '../../src/cli/check/index.ts';
import { ROOT } from '../../src/cli/root.ts';
import { openCompiler, type LintRule } from '../../src/policy/compiler/index.ts';
import { INPUT_SCHEMA } from '../../src/gate/decide/index.ts';
import { writeBypassPage } from './bypass-page.ts';
import { writeChecksPage } from './checks-page.ts';
import { writeCommandsPage } from './commands-page.ts';
import { writeCoveragePage } from './coverage-page.ts';
import { writeInjectionPage } from './injection-page.ts';
import { writeInputPage } from './input-page.ts';
import { writeLintPage } from './lint-page.ts';
import { writeRefusalsPage } from './refusals-page.ts';

export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/bypass.md': writeBypassPage,
  'docs/checks.md': () => writeChecksPage(SECTIONS),
  'docs/cli.md': () => writeCommandsPage(ROOT),
  'docs/coverage.md': writeCoveragePage,
  'docs/injection.md': writeInjectionPage,
  'docs/lint.md': async () => writeLintPage(await readRules()),
  'docs/policies/input.md': () => writeInputPage(INPUT_SCHEMA),
  'docs/refusals.md': writeRefusalsPage,
  'rego/schemas/input.json': () => `${JSON.stringify(INPUT_SCHEMA, null, 2)}\n`,
};

async function readRules(): Promise<readonly LintRule[]> {
  const compiler = await openCompiler(process.env);
  const report = await compiler?.lint?.([], []);
  if (report?.ok !== true) throw new Error('The rules of lint are in the Rego compiler: run `make regoc`.');
  return report.value.rules;
}
