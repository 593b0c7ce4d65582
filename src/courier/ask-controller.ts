// A question to the controller in; its answer, whole and within limits, out. TLS is verified against the controller's own authority; nothing is followed.
import { readFile } from 'node:fs/promises';
import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import type { ControllerLink } from '../config/index.ts';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Of the whole question, its answer read. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Without its quotes; empty where there is none. */
  readonly etag: string;
  /** What is to be compared: a digest, or `none`; null where the controller says nothing of it. */
  readonly candidate: string | null;
  readonly body: Buffer;
}

/** A header: of a question what is compared already, of an answer what is to be. */
export const CANDIDATE = 'postern-candidate';

/** As large as a bundle may be. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** Token and authority are read each time: both are renewed while we run. @throws Error naming what went wrong, without content. */
export async function askController(link: ControllerLink, question: Question): Promise<Answer> {
  const { method, path, headers, body, timeoutMs, signal } = question;
  const url = new URL(path, link.url);
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(await authorize(link)) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    ...(url.protocol === 'https:' ? await trust(link) : {}),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.protocol === 'https:' ? requestTls : requestPlain)(url, options, resolve);
  request.once('error', reject);
  request.end(body);
  return readAnswer(await promise);
}

async function authorize({ tokenFile }: ControllerLink): Promise<Record<string, string>> {
  if (tokenFile === null) return {};
  return { authorization: `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}` };
}

/** Connections are not kept: each handshake trusts what is trusted then. */
async function trust({ caFile }: ControllerLink): Promise<object> {
  return { agent: false, minVersion: 'TLSv1.2', ...(caFile === null ? {} : { ca: await readFile(caFile) }) };
}

async function readAnswer(message: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LARGEST_BYTES) throw new Error(`the answer is larger than ${String(LARGEST_BYTES)} bytes`);
    pieces.push(piece);
  }
  const etag = /^"([\w.:-]{1,128})"$/.exec(message.headers.etag ?? '')?.[1] ?? '';
  const candidate = /^[\w.:-]{1,128}$/.exec(String(message.headers[CANDIDATE] ?? ''))?.[0] ?? null;
  return { status: message.statusCode ?? 0, etag, candidate, body: Buffer.concat(pieces) };
}
