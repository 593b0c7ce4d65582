// What policies are: from a directory of sources or a bundle to a snapshot that exchanges are judged by.
export { readBundle } from './bundle.ts';
export type { Bundle } from './bundle.ts';
export { decideFacts, foldResult } from './decide-facts.ts';
export { formatPlace } from './issue.ts';
export type { LoadProblem, PolicyIssue } from './issue.ts';
export { loadFiles } from './load-files.ts';
export { readDirectory } from './read-directory.ts';
export type { SourceFile } from './read-directory.ts';
export { openSnapshot } from './snapshot.ts';
export type { Snapshot } from './snapshot.ts';
export { openDirectorySource } from './source-directory.ts';
export { spawnCompiler } from './spawn-compiler.ts';
export type { Compile } from './spawn-compiler.ts';
export { PolicyStore } from './store.ts';
export { takeTurns } from './take-turns.ts';
