// A receiver of OTLP over HTTP: what others send to a collector arrives here and can be looked at.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import {
  readPoints,
  readSpans,
  type MetricsRequest,
  type ReceivedPoint,
  type ReceivedSpan,
  type TracesRequest,
} from './read.ts';
import { decodeProtobuf } from './schema.ts';

export interface OtlpReceiver {
  /** Base URL, as `telemetry.otlp` takes it. */
  readonly url: string;
  /** In order of arrival; the oldest leave first. */
  readonly spans: readonly ReceivedSpan[];
  readonly points: readonly ReceivedPoint[];
  /** Bodies as they came, unpacked: what to search when asking whether something left that should not. */
  readonly bodies: readonly Buffer[];
  /** The first answer of `find` that is not undefined, now or once more has arrived. */
  waitFor<T>(find: (receiver: OtlpReceiver) => T | undefined, timeoutMs?: number): Promise<T>;
  close(): Promise<void>;
}

interface OtlpReceiverOptions {
  readonly port?: number;
  /** Called for every span, e.g. to print it. */
  readonly onSpan?: (span: ReceivedSpan) => void;
}

const KEPT_ITEMS = 10_000;
const KEPT_BODIES = 256;
const WAIT_MS = 5000;

export async function startOtlpReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const receiver = new Receiver(options);
  await receiver.listen(options.port ?? 0);
  return receiver;
}

class Receiver implements OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly points: ReceivedPoint[] = [];
  readonly bodies: Buffer[] = [];
  readonly #server: Server;
  readonly #onSpan: (span: ReceivedSpan) => void;
  readonly #waiting = new Set<() => void>();

  constructor({ onSpan = () => undefined }: OtlpReceiverOptions) {
    this.#onSpan = onSpan;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  waitFor<T>(find: (receiver: OtlpReceiver) => T | undefined, timeoutMs = WAIT_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find(this);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`nothing that matches arrived in ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#take(request, await buffer(request));
      response.writeHead(200, {
        'content-type': request.headers['content-type'] ?? 'application/x-protobuf',
      });
      response.end(isJson(request) ? '{}' : undefined);
    } catch (fault) {
      response.writeHead(400).end(String(fault));
    }
  }

  #take(request: IncomingMessage, sent: Buffer): void {
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    keep(this.bodies, [body], KEPT_BODIES);
    switch (request.url) {
      case '/v1/traces': {
        const spans = readSpans(decode('Traces', request, body) as TracesRequest);
        keep(this.spans, spans, KEPT_ITEMS);
        for (const span of spans) this.#onSpan(span);
        break;
      }
      case '/v1/metrics':
        keep(this.points, readPoints(decode('Metrics', request, body) as MetricsRequest), KEPT_ITEMS);
        break;
      default:
        throw new Error('only /v1/traces and /v1/metrics are received');
    }
    for (const look of this.#waiting) look();
  }
}

const isJson = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/json') ?? false;

const decode = (message: 'Traces' | 'Metrics', request: IncomingMessage, body: Buffer): unknown =>
  isJson(request) ? JSON.parse(body.toString('utf8')) : decodeProtobuf(message, body);

function keep<T>(kept: T[], more: readonly T[], limit: number): void {
  kept.push(...more);
  if (kept.length > limit) kept.splice(0, kept.length - limit);
}
