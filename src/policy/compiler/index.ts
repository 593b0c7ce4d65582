// The Rego compiler's door. It is heavy: only the command line opens it, in a process that soon ends.
export { assemblePolicies, compilePolicies } from './compile-policies.ts';
export type { Program } from './compile-policies.ts';
export { compareTests } from './compare-tests.ts';
export type { Comparison } from './compare-tests.ts';
export { buildData } from './data.ts';
export type { DataFile } from './data-file.ts';
export { parseDocument } from './document.ts';
export { NO_COMPILER, openCompiler } from './open-compiler.ts';
export type {
  ExplainedRule,
  Explanation,
  Fact,
  FileCoverage,
  LintReport,
  LintRule,
  PolicyOutline,
  RegoCompiler,
  RegoModule,
  TestReport,
  TestResult,
} from './rego-compiler.ts';
export { isBuiltinDirectory, NO_SOURCES, readBuiltin, readSources, sortSources } from './sources.ts';
export type { PolicySources } from './sources.ts';
