// What there may be at most, of everything: bytes, connections, time, and strain on the process.
import { z } from 'zod';

const bytes = (least: number, most: number): z.ZodInt => z.int().min(least).max(most);
const milliseconds = z.int().min(1).max(3_600_000);
const share = z.number().min(0).max(1);

const overload = z.strictObject({
  close_at: share
    .default(0.75)
    .describe('Share of the heap from which on each answer is the last on its connection.'),
  refuse_at: share.default(0.85).describe('Share of the heap from which on new exchanges are refused.'),
  cut_at: share.default(0.9).describe('Share of the heap from which on the newest streams are cut.'),
  delay_ms: milliseconds
    .default(200)
    .describe('New exchanges are refused while the process comes so late to whatever is due.'),
});

export const limits = z.strictObject({
  body_bytes: bytes(1024, 67_108_864).default(8_388_608).describe('Largest request or whole answer.'),
  buffered_bytes: bytes(1_048_576, 1_073_741_824)
    .default(50_331_648)
    .describe(
      'Bodies, and what is held of streams, in memory at once, of all exchanges; bodies wait their turn.',
    ),
  held_bytes: bytes(65_536, 67_108_864)
    .default(4_194_304)
    .describe('Most of a stream that is held back at once.'),
  exchanges: z
    .int()
    .min(1)
    .max(65_536)
    .default(512)
    .describe('Exchanges under way at once; more are refused.'),
  connections: z
    .int()
    .min(1)
    .max(65_536)
    .default(2_048)
    .describe('Connections of callers at once, for each listener; more are closed as they come.'),
  body_timeout_ms: milliseconds.default(30_000),
  upstream_headers_timeout_ms: milliseconds.default(600_000),
  upstream_idle_timeout_ms: milliseconds.default(300_000),
  caller_idle_timeout_ms: milliseconds
    .default(300_000)
    .describe('How long a caller may leave the next piece of a stream untaken.'),
  stream_timeout_ms: milliseconds.default(3_600_000).describe('How long a stream may take in all.'),
  keep_alive_ms: milliseconds
    .default(10_000)
    .describe('Longest silence towards the caller of a stream; then a comment or a ping is sent.'),
  drain_timeout_ms: milliseconds.default(25_000).describe('How long exchanges may finish after SIGTERM.'),
  overload: overload.prefault({}),
});

export interface Limits {
  readonly bodyBytes: number;
  /** Of all exchanges. */
  readonly bufferedBytes: number;
  readonly heldBytes: number;
  readonly exchanges: number;
  /** For each listener. */
  readonly connections: number;
  readonly bodyTimeoutMs: number;
  readonly upstreamHeadersTimeoutMs: number;
  readonly upstreamIdleTimeoutMs: number;
  readonly callerIdleTimeoutMs: number;
  readonly streamTimeoutMs: number;
  /** Longest silence towards the caller of a stream. */
  readonly keepAliveMs: number;
  readonly drainTimeoutMs: number;
  readonly overload: OverloadLimits;
}

/** Shares of the heap, and how late the event loop may be. */
export interface OverloadLimits {
  readonly closeAt: number;
  readonly refuseAt: number;
  readonly cutAt: number;
  readonly delayMs: number;
}

export const toLimits = (text: z.output<typeof limits>): Limits => ({
  bodyBytes: text.body_bytes,
  bufferedBytes: text.buffered_bytes,
  heldBytes: text.held_bytes,
  exchanges: text.exchanges,
  connections: text.connections,
  bodyTimeoutMs: text.body_timeout_ms,
  upstreamHeadersTimeoutMs: text.upstream_headers_timeout_ms,
  upstreamIdleTimeoutMs: text.upstream_idle_timeout_ms,
  callerIdleTimeoutMs: text.caller_idle_timeout_ms,
  streamTimeoutMs: text.stream_timeout_ms,
  keepAliveMs: text.keep_alive_ms,
  drainTimeoutMs: text.drain_timeout_ms,
  overload: {
    closeAt: text.overload.close_at,
    refuseAt: text.overload.refuse_at,
    cutAt: text.overload.cut_at,
    delayMs: text.overload.delay_ms,
  },
});
