// Commands about the pods of manifests.
export { explainGroup } from './explain.ts';
export { injectCommand } from './inject.ts';
export { uninjectCommand } from './uninject.ts';
