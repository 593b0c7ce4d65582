// What policies are: from a directory of sources or a bundle to a snapshot that exchanges are judged by.
export { readBundle } from './bundle.ts';
export type { Bundle, BundleFault } from './bundle.ts';
export { openEvaluator } from './evaluator.ts';
export type { Evaluator } from './evaluator.ts';
export type { PolicyIssue } from './issue.ts';
export type { PolicyMetadata } from './manifest.ts';
export { openSnapshot } from './snapshot.ts';
export type { Snapshot } from './snapshot.ts';
export { openDirectorySource } from './source-directory.ts';
export { spawnCompiler } from './spawn-compiler.ts';
export { PolicyStore } from './store.ts';
export type { PolicyEvent, PolicyStatus } from './store.ts';
