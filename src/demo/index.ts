// The composition root of `postern demo`.
export { runDemo } from './run.ts';
