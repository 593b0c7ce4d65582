// How a sidecar comes by its policies where a controller has them.
export { Courier } from './courier.ts';
export { plantSeed } from './seed.ts';
