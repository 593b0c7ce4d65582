// Settings that a request makes and an answer repeats.
import { object, oneOf } from '../read/readers.ts';

export const performanceConfig = object({ latency: oneOf('standard', 'optimized') });

export const serviceTier = object({ type: oneOf('priority', 'default', 'flex', 'reserved') });
