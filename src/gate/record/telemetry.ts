// Finished records in, from the hot path; traces and metrics out, later. Nothing here waits, throws or grows.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExchangeRecord, Recorder } from '../../exchange/index.ts';
import { ConnectionCounts, type ConnectionNote } from './connection-counts.ts';
import type { Log } from './log.ts';
import { Losses } from './losses.ts';
import { PolicyStatus, type PolicyEvent } from './policy-status.ts';
import type { Sdk } from './sdk.ts';

interface TelemetryOptions {
  /** Base URL of an OTLP/HTTP receiver; null keeps traces at home, and metrics to be scraped. */
  readonly otlp: string | null;
  /** Who we are, e.g. `k8s.pod.name`; OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME win over it. */
  readonly resource: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Telemetry extends Recorder {
  /** Settles when the SDK is loaded, or could not be. */
  readonly ready: Promise<void>;
  notePolicy(event: PolicyEvent): void;
  noteConnection(noted: ConnectionNote): void;
  /** Whether the kernel still redirects. */
  noteCanary(isAlive: boolean): void;
  /** How much is being shed: 0 nothing, 1 idle connections, 2 new exchanges, 3 streams. */
  noteShedding(level: number): void;
  /** When the controller was last in touch, in milliseconds since 1970; null where it never was. */
  watchSource(lastContactAtMs: () => number | null): void;
  /** Prometheus' text format; rejects when the SDK could not be loaded. */
  metricsText(): Promise<string>;
}

const QUEUE_RECORDS = 2048;
const CLOSE_MS = 3000;

/** Returns at once: the SDK takes half a second to load, and until then records wait in a queue. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  return new QueuedTelemetry(options);
}

class QueuedTelemetry implements Telemetry {
  readonly ready: Promise<void>;
  readonly #log: Log;
  readonly #losses: Losses;
  readonly #policy = new PolicyStatus();
  readonly #connections = new ConnectionCounts();
  readonly #shedding = { level: 0 };
  #lastContactAtMs: () => number | null = () => null;
  readonly #loading: Promise<Sdk>;
  readonly #queue: ExchangeRecord[] = [];
  #sdk: Sdk | null = null;
  #isScheduled = false;

  constructor(options: TelemetryOptions) {
    this.#log = options.log;
    this.#losses = new Losses(options.log);
    this.#loading = this.#load(options);
    this.ready = this.#loading.then(
      () => undefined,
      (cause: unknown) => this.#log.error('telemetry could not be started', { detail: nameOf(cause) }),
    );
  }

  write(record: ExchangeRecord): void {
    if (this.#queue.length === QUEUE_RECORDS) {
      this.#queue.shift();
      this.#losses.add('record', 1);
    }
    this.#queue.push(record);
    this.#schedule();
  }

  notePolicy(event: PolicyEvent): void {
    this.#policy.note(event);
  }

  noteConnection(noted: ConnectionNote): void {
    this.#connections.note(noted);
  }

  noteCanary(isAlive: boolean): void {
    this.#connections.isRedirected = isAlive;
  }

  noteShedding(level: number): void {
    this.#shedding.level = level;
  }

  watchSource(lastContactAtMs: () => number | null): void {
    this.#lastContactAtMs = lastContactAtMs;
  }

  async metricsText(): Promise<string> {
    const sdk = await this.#loading;
    this.#drain();
    return sdk.metricsText();
  }

  /** Flushes for three seconds at most: without a receiver the SDK would try for nine. */
  async close(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, CLOSE_MS, false);
    const flushed = this.#flush().then(
      () => true,
      () => false,
    );
    if (!(await Promise.race([flushed, late]))) this.#log.warn('telemetry was not flushed');
    clearTimeout(timer);
  }

  /** In a turn of its own: most of the loading is synchronous. */
  async #load({ otlp, resource }: TelemetryOptions): Promise<Sdk> {
    await nextTurn();
    const { startSdk } = await import('./sdk.ts');
    this.#sdk = startSdk({
      otlp,
      resource,
      policy: this.#policy,
      losses: this.#losses,
      connections: this.#connections,
      shedding: this.#shedding,
      lastContactAtMs: () => this.#lastContactAtMs(),
    });
    this.#schedule();
    return this.#sdk;
  }

  async #flush(): Promise<void> {
    const sdk = await this.#loading;
    this.#drain();
    await sdk.shutdown();
  }

  /** After the exchange's own turn of the event loop, so that its last bytes do not wait for us. */
  #schedule(): void {
    if (this.#isScheduled || this.#sdk === null) return;
    this.#isScheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#isScheduled = false;
    for (const record of this.#queue.splice(0)) this.#emit(record);
  }

  /** Whatever the SDK throws must not take the process down with it. */
  #emit(record: ExchangeRecord): void {
    try {
      this.#sdk?.emit(record);
    } catch {
      this.#losses.add('record', 1);
    }
  }
}

/** The name of an error, not its message, which may quote what it failed on. */
const nameOf = (cause: unknown): string => (cause instanceof Error ? cause.name : 'unknown');
