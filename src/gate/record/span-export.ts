// Planned spans in; batches over OTLP/HTTP out, bounded. What does not fit or cannot be delivered is dropped and counted.
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import type { ExchangeRecord } from '../../exchange/index.ts';
import type { Losses } from './losses.ts';
import { writeRequest, writeSpans, type Envelope } from './otlp-spans.ts';
import { ProtobufWriter } from './protobuf.ts';
import type { SpanPlan } from './spans.ts';

const QUEUE_SPANS = 2048;
const BATCH_SPANS = 512;
const DELAY_MS = 1000;
/** Retries included, and shorter than the time that closing takes, so that nothing outlives it. */
export const EXPORT_TIMEOUT_MS = 2500;

export interface SpanExport {
  /** The spans of one exchange; a trace is sent whole or not at all. */
  add(record: ExchangeRecord, plans: readonly SpanPlan[]): void;
  /** Sends what waits. @throws Error when it does not arrive. */
  shutdown(): Promise<void>;
}

interface Batch {
  readonly spans: Buffer;
  readonly count: number;
}

export function openSpanExport(url: string, envelope: Envelope, losses: Losses): SpanExport {
  return new SpanQueue(createSend(url, envelope), losses);
}

/** Resolves to whether a batch has arrived. */
interface Sender {
  send(batch: Batch): Promise<boolean>;
  close(): Promise<void>;
}

/** How to send, and when to try again, is OpenTelemetry's; only what is sent is written here. */
function createSend(url: string, envelope: Envelope): Sender {
  const request = new ProtobufWriter();
  const delegate = createOtlpHttpExportDelegate(
    convertLegacyHttpOptions({ url, timeoutMillis: EXPORT_TIMEOUT_MS }, 'TRACES', 'v1/traces', {
      'Content-Type': 'application/x-protobuf',
    }),
    {
      serializeRequest: ({ spans }: Batch) => {
        writeRequest(request, spans, envelope);
        return request.take();
      },
      deserializeResponse: () => ({}),
    },
    'otlp_http_span_exporter',
    { name: 'span', countItems: ({ count }) => count },
    undefined,
  );
  return {
    send: (batch) =>
      new Promise((resolve) => {
        delegate.export(batch, ({ error }) => resolve(error === undefined));
      }),
    close: () => delegate.shutdown(),
  };
}

/** One batch is under way at a time; what comes meanwhile waits for it. */
class SpanQueue implements SpanExport {
  readonly #sender: Sender;
  readonly #losses: Losses;
  readonly #waiting = new ProtobufWriter();
  #count = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;

  constructor(sender: Sender, losses: Losses) {
    this.#sender = sender;
    this.#losses = losses;
  }

  add(record: ExchangeRecord, plans: readonly SpanPlan[]): void {
    if (this.#count + plans.length > QUEUE_SPANS) return this.#lose(plans.length);
    writeSpans(this.#waiting, record, plans);
    this.#count += plans.length;
    this.#sendSoon();
  }

  async shutdown(): Promise<void> {
    const lost = this.#lost;
    while (this.#sending !== null || this.#count > 0) {
      if (this.#sending === null) this.#send();
      await this.#sending;
    }
    await this.#sender.close();
    if (this.#lost > lost) throw new Error('spans were lost');
  }

  #sendSoon(): void {
    if (this.#sending !== null) return;
    if (this.#count >= BATCH_SPANS) this.#send();
    else if (this.#count > 0) this.#timer ??= setTimeout(() => this.#send(), DELAY_MS).unref();
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#count === 0) return;
    const batch = { spans: this.#waiting.take(), count: this.#count };
    this.#count = 0;
    this.#sending = this.#deliver(batch);
  }

  async #deliver(batch: Batch): Promise<void> {
    const hasArrived = await this.#sender.send(batch).catch(() => false);
    if (!hasArrived) this.#lose(batch.count);
    this.#sending = null;
    this.#sendSoon();
  }

  #lose(spans: number): void {
    this.#lost += spans;
    this.#losses.add('span', spans);
  }
}
