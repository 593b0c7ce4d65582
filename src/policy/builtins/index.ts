// What policies ask the host while they are evaluated.
export { listHostBuiltins } from './list-host-builtins.ts';
export { TextBuiltins } from './text-builtins.ts';
export { findTextOfMessage, findTextOnPart } from './text-source.ts';
export type { FindText, Texts } from './text-source.ts';
