// `postern replay`: what a change of policies would have done to recorded traffic.
export { replayCommand } from './command.ts';
