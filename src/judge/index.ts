// One side of an exchange, judged by a snapshot: the same way for the sidecar, and for cases on the command line.
export { codesOf } from './judge.ts';
export { judgeAgain } from './judge-again.ts';
export { messageOf } from './message-of.ts';
export { decodeRequest, settleRequest } from './request.ts';
export { draftAnswer, settleAnswer } from './whole.ts';
export { AnswerStream } from './stream.ts';
export type { Passed } from './stream.ts';
