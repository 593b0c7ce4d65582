// `postern controller`: what Kubernetes asks about pods and policies, and what it is told of them.
export { runController } from './run.ts';
