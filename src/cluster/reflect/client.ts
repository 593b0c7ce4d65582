// A request to the API server in; its answer, or a failure as a value, out. Everything has an end: in time, and in bytes.
import { request as send, type Dispatcher } from 'undici';
import { err, ok } from '../../lib/result.ts';
import { type Authentication, type KubeconfigChoice, openAuthentication } from './authentication.ts';
import { type Answered, type ApiFailure, failureOf, failureOfConnection } from './failure.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the API server's root, as `pathOf` writes it. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Client extends AsyncDisposable {
  /** Of the kubeconfig's context: where one is when one does not say. */
  readonly namespace: string;
  /** JSON in, JSON out. A request that was given up by its `signal` throws the signal's reason. */
  readonly ask: (request: ApiRequest) => Promise<Answered<unknown>>;
  /** An answer without an end in sight, piece by piece; whoever reads it is told of a break by a throw. */
  readonly follow: (request: ApiRequest & { idleMs: number }) => Promise<Answered<AsyncIterable<Buffer>>>;
}

interface ClientOptions extends KubeconfigChoice {
  /** For a whole answer, where the request says nothing else. */
  readonly timeoutMs?: number;
  readonly limitBytes?: number;
}

const TIMEOUT_MS = 30_000;
const CONNECT_MS = 10_000;
const LIMIT_BYTES = 32 * 2 ** 20;

/** @throws Error when there is no cluster to speak to. */
export async function openClient(options: ClientOptions = {}): Promise<Client> {
  const { timeoutMs = TIMEOUT_MS, limitBytes = LIMIT_BYTES } = options;
  const authentication = await openAuthentication(options, Math.min(timeoutMs, CONNECT_MS));
  return {
    namespace: authentication.namespace,
    ask: (request) =>
      guard(request.signal, async () => {
        const signal = joinSignals(request.signal, AbortSignal.timeout(request.timeoutMs ?? timeoutMs));
        return readWhole(await open(authentication, request, { signal }), limitBytes);
      }),
    follow: (request) =>
      guard(request.signal, async () => {
        const { signal, idleMs } = request;
        const answer = await open(authentication, request, {
          signal,
          headersTimeout: timeoutMs,
          bodyTimeout: idleMs,
        });
        return isGood(answer) ? ok(answer.body) : err(await readFailure(answer, limitBytes));
      }),
    [Symbol.asyncDispose]: () => authentication.dispatcher.destroy(),
  };
}

const joinSignals = (own: AbortSignal | undefined, timeout: AbortSignal): AbortSignal =>
  own === undefined ? timeout : AbortSignal.any([own, timeout]);

/** Of all that is thrown only the caller's own signal is no failure of the server's. */
async function guard<T>(
  signal: AbortSignal | undefined,
  act: () => Promise<Answered<T>>,
): Promise<Answered<T>> {
  try {
    return await act();
  } catch (error) {
    signal?.throwIfAborted();
    return err(failureOfConnection(error));
  }
}

type Times = Pick<Dispatcher.RequestOptions, 'headersTimeout' | 'bodyTimeout'> & {
  readonly signal: AbortSignal | undefined;
};

async function open(
  { server, dispatcher, headers }: Authentication,
  { method, path, query = {}, body, contentType = 'application/json' }: ApiRequest,
  { signal, ...times }: Times,
): Promise<Dispatcher.ResponseData> {
  const url = new URL(`${server}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return send(url, {
    method,
    dispatcher,
    headers: { ...(await headers()), accept: 'application/json', 'content-type': contentType },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
    ...times,
  });
}

const isGood = ({ statusCode }: Dispatcher.ResponseData): boolean => statusCode >= 200 && statusCode < 300;

async function readWhole(answer: Dispatcher.ResponseData, limitBytes: number): Promise<Answered<unknown>> {
  if (!isGood(answer)) return err(await readFailure(answer, limitBytes));
  const text = await readText(answer.body, limitBytes);
  if (text === null) return err({ code: 'too_large', message: `more than ${String(limitBytes)} bytes` });
  const body = parse(text);
  return body === undefined ? err({ code: 'malformed', message: 'the answer is not JSON' }) : ok(body);
}

const readFailure = async (
  { statusCode, headers, body }: Dispatcher.ResponseData,
  limitBytes: number,
): Promise<ApiFailure> =>
  failureOf(statusCode, parse((await readText(body, limitBytes)) ?? ''), headers['retry-after']);

/** Null when there is more of it; the rest is not waited for. */
async function readText(body: AsyncIterable<Buffer>, limitBytes: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > limitBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
