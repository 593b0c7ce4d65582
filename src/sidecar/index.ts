// The composition root of the data path.
export { runSidecar } from './run.ts';
