// Every parser that reads what somebody else wrote.
import type { FuzzTarget } from '../target.ts';
import { dialects } from './dialects.ts';
import { eventStream } from './event-stream.ts';
import { json } from './json.ts';
import { bundle, config, patterns, verdicts } from './policies.ts';

export const TARGETS: readonly FuzzTarget[] = [
  json,
  eventStream,
  ...dialects,
  patterns,
  verdicts,
  bundle,
  config,
];
