// The Rego compiler's door. It is heavy: only a short-lived process opens it, by a dynamic import.
export { readBundle } from '../bundle.ts';
export { assemblePolicies, compilePolicies } from './compile-policies.ts';
export { buildData } from './data.ts';
export { parseDocument } from './document.ts';
export { NO_COMPILER, openCompiler } from './open-compiler.ts';
export type { RegoCompiler, RegoModule, TestReport, TestResult } from './rego-compiler.ts';
export { isBuiltinDirectory, NO_SOURCES, readBuiltin, readSources } from './sources.ts';
export type { PolicySources } from './sources.ts';
