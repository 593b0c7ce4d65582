// Every parser that reads what somebody else wrote.
import type { FuzzTarget } from '../target.ts';
import { clientHello, plainHost } from './connection.ts';
import { dialects } from './dialects.ts';
import { chunks, eventStream, eventstreamMessage, jsonArrayStream, ndjsonStream } from './framing.ts';
import { form } from './files.ts';
import { head } from './head.ts';
import { json } from './json.ts';
import { bundle, config, patterns, verdicts } from './policies.ts';
import { zstdFrame } from './zstd.ts';

export const TARGETS: readonly FuzzTarget[] = [
  json,
  eventStream,
  ndjsonStream,
  jsonArrayStream,
  eventstreamMessage,
  chunks,
  head,
  clientHello,
  plainHost,
  ...dialects,
  form,
  zstdFrame,
  patterns,
  verdicts,
  bundle,
  config,
];
