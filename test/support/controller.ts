// A controller as sidecars see it, over TLS, that has what it is told to have; it hears whatever they say.
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { makeIdentity } from '../../src/demo/certificate.ts';

export interface Heard {
  readonly digest: string | null;
  readonly state: string;
  readonly issues: ReadonlyArray<{ readonly file: string; readonly row: number; readonly message: string }>;
}

export class StandInController implements AsyncDisposable {
  readonly heard: Heard[] = [];
  readonly tokens = new Set<string>();
  /** Questions for a bundle. */
  asked = 0;
  readonly port: number;
  readonly authority: string;
  readonly #identity: { readonly cert: string; readonly key: string };
  #server: Server | null = null;
  #bundle: { readonly etag: string; readonly bytes: Buffer } | null = null;
  readonly #waiting = new Set<() => void>();

  private constructor(port: number, identity: { readonly cert: string; readonly key: string }) {
    this.port = port;
    this.#identity = identity;
    this.authority = identity.cert;
  }

  static async prepare(port: number): Promise<StandInController> {
    return new StandInController(port, await makeIdentity('127.0.0.1'));
  }

  async open(): Promise<void> {
    this.#server = createServer(this.#identity, (request, response) =>
      this.#answer(request, response),
    ).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    if (this.#server === null) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    this.#server = null;
  }

  offer(etag: string, bytes: Buffer): void {
    this.#bundle = { etag, bytes };
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.tokens.add(request.headers.authorization ?? '');
    if (request.url === '/v1/acknowledgements') return this.#hear(request, response);
    this.asked += 1;
    const give = (): void => {
      const { etag, bytes } = this.#bundle ?? { etag: '', bytes: Buffer.alloc(0) };
      response.writeHead(200, { etag: `"${etag}"` }).end(bytes);
    };
    if (this.#bundle === null) return void response.writeHead(404).end();
    if (request.headers['if-none-match'] === `"${this.#bundle.etag}"`) this.#waiting.add(give);
    else give();
  }

  #hear(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.once('end', () => {
      this.heard.push(JSON.parse(body) as Heard);
      response.writeHead(204).end();
    });
  }
}
