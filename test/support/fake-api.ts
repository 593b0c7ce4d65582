// Answers in the order they are to be given in; an API server that gives just these, and a kubeconfig for it, out.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The last one for good. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The answer does not end. */
  readonly isOpen?: boolean;
}

export class FakeApi implements AsyncDisposable {
  /** Path and query of all that was asked. */
  readonly asked: URL[] = [];
  readonly kubeconfig: string;
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.kubeconfig = join(folder, 'kubeconfig');
    this.#server = server;
  }

  static async start(answers: (request: URL, count: number) => FakeAnswer): Promise<FakeApi> {
    const server = createServer((request, response) => {
      const url = urlOf(request);
      const { status = 200, headers = {}, body, isOpen = false } = answers(url, api.asked.push(url));
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.write(body);
      if (!isOpen) response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = new FakeApi(await mkdtemp(join(tmpdir(), 'postern-fake-api-')), server);
    await writeFile(api.kubeconfig, kubeconfigOf((server.address() as AddressInfo).port));
    return api;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#folder, { recursive: true });
  }
}

const urlOf = ({ url = '/' }: IncomingMessage): URL => new URL(url, 'http://fake');

/** A prefix in the path, as servers that stand before others have it. Without TLS the library wants it said that this is meant. */
const kubeconfigOf = (port: number): string => `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "http://127.0.0.1:${String(port)}/behind/", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: secret}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`;
