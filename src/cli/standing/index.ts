// What `postern policy` does with policies that are in a cluster.
export { approveCommand } from './approve.ts';
export { historyCommand } from './history.ts';
export { pinCommand, rollbackCommand, unpinCommand } from './pin.ts';
export { statusCommand } from './status.ts';
export { waitCommand } from './wait.ts';
