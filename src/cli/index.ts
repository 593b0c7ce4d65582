// The command line's door.
export { runCli } from './run.ts';
