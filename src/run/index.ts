// A gate beside a command, on a developer's own machine.
export { runBeside } from './main.ts';
