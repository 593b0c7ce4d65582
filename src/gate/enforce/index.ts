// Decision to effect: edits by span, the stream gate, and permits for exactly what was judged.
export { settle } from './settle.ts';
export type { Draft, Judgement, Settlement } from './settle.ts';
export { StreamGate } from './stream-gate.ts';
export type { GateStep, StreamFacts } from './stream-gate.ts';
