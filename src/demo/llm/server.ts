// An LLM provider in one process: several dialects, over HTTP or TLS, on a port of its own. For demonstrations and tests.
import express, { type Express, type Request, type Response } from 'express';
import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { answerMessageCount, answerMessages, answerPrediction, anthropicError } from './anthropic.ts';
import { answerArray, answerCount, answerEmbed, answerGenerate, answerStream } from './gemini.ts';
import { answerInvoke, answerInvokeStream } from './bedrock-invoke.ts';
import { answerConverse, answerConverseStream } from './bedrock.ts';
import { answerOllamaChat, answerOllamaGenerate } from './ollama.ts';
import { answerChat } from './openai.ts';
import { openaiError } from './openai-call.ts';
import { answerCompletions } from './openai-completions.ts';
import { answerEdit, answerSpeech, answerTranscript } from './openai-audio.ts';
import { answerEmbeddings } from './openai-embeddings.ts';
import { answerImages } from './openai-images.ts';
import { answerModels } from './openai-models.ts';
import { answerModerations } from './openai-moderations.ts';
import { answerInputTokens, answerResponses } from './openai-responses.ts';
import type { Call, Reply } from './reply.ts';

export interface LlmOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** PEM; without it the server speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Length of the pieces in which a stream tells its text; small enough to split a key over several. */
  readonly chunkCharacters?: number;
  /** Between two chunks of a stream. */
  readonly pauseMs?: number;
}

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** As they stood on the wire: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Whether the caller went away before the answer had ended. */
  readonly isAborted: boolean;
}

export interface LlmServer {
  readonly url: string;
  /** How many requests arrived. */
  readonly received: number;
  /** The latest of them, oldest first. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** By the end of the path. */
const OPENAI: Readonly<Record<string, (call: Call) => Reply>> = {
  'chat/completions': answerChat,
  completions: answerCompletions,
  embeddings: answerEmbeddings,
  moderations: answerModerations,
  'images/generations': answerImages,
  'images/edits': answerEdit,
  'images/variations': answerEdit,
  'audio/speech': answerSpeech,
  'audio/transcriptions': answerTranscript,
  'audio/translations': answerTranscript,
  responses: answerResponses,
  'responses/input_tokens': answerInputTokens,
};

/** On OpenAI's own host, and both of Azure's. */
const pathsOf = (path: string): string[] => [
  `/v1/${path}`,
  `/openai/v1/${path}`,
  `/openai/deployments/:model/${path}`,
];

const MODELS = ['/v1', '/openai/v1', '/openai'].flatMap((base) => [
  `${base}/models`,
  `${base}/models/:model`,
]);

/** On Google's host for developers, and in projects. */
const GOOGLE_PATH =
  /^\/v1(?:beta1?)?(?:\/projects\/[^/]+\/locations\/[^/]+)?(?:\/publishers\/[a-z]+)?\/models\/(?<model>[^/:]+):(?<method>[A-Za-z]+)$/;

const GOOGLE: Readonly<Record<string, (call: Call) => Reply>> = {
  generateContent: answerGenerate,
  'streamGenerateContent?alt=sse': answerStream,
  streamGenerateContent: answerArray,
  countTokens: answerCount,
  embedContent: answerEmbed,
  batchEmbedContents: answerEmbed,
  rawPredict: answerPrediction,
  streamRawPredict: answerPrediction,
};

const BEDROCK: Readonly<Record<string, (call: Call) => Reply>> = {
  converse: answerConverse,
  'converse-stream': answerConverseStream,
  invoke: answerInvoke,
  'invoke-with-response-stream': answerInvokeStream,
};

const KEPT_REQUESTS = 512;
const BODY_LIMIT = '64mb';
const CHUNK_CHARACTERS = 7;

export async function startLlm(options: LlmOptions = {}): Promise<LlmServer> {
  const llm = new Llm(options);
  await llm.listen(options.port ?? 0);
  return llm;
}

class Llm implements LlmServer {
  readonly requests: RecordedRequest[] = [];
  received = 0;
  readonly #options: LlmOptions;
  readonly #server: Server;

  constructor(options: LlmOptions) {
    this.#options = options;
    const app = this.#createApp();
    this.#server = options.tls === undefined ? createPlainServer(app) : createTlsServer(options.tls, app);
  }

  get url(): string {
    const scheme = this.#options.tls === undefined ? 'http' : 'https';
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #createApp(): Express {
    const app = express();
    app.disable('x-powered-by');
    app.disable('etag');
    app.use(express.raw({ type: () => true, limit: BODY_LIMIT }));
    for (const [path, answerCall] of Object.entries(OPENAI))
      app.post(pathsOf(path), (request, response) => this.#serve(request, response, answerCall));
    app.get(MODELS, (request, response) => this.#serve(request, response, answerModels));
    app.post('/api/chat', (request, response) => this.#serve(request, response, answerOllamaChat));
    app.post('/api/generate', (request, response) => this.#serve(request, response, answerOllamaGenerate));
    for (const [end, answerCall] of Object.entries(BEDROCK))
      app.post(`/model/:model/${end}`, (request, response) => this.#serve(request, response, answerCall));
    app.post('/v1/messages', (request, response) => this.#serve(request, response, answerMessages));
    app.post('/v1/messages/count_tokens', (request, response) =>
      this.#serve(request, response, answerMessageCount),
    );
    app.post(GOOGLE_PATH, (request, response, next) => {
      const [, query = ''] = request.originalUrl.split(/(?=\?)/);
      const answerCall = GOOGLE[`${String(request.params['method'])}${query}`];
      return answerCall === undefined ? next() : this.#serve(request, response, answerCall);
    });
    app.use((request, response) => {
      const call = this.#record(request, response);
      response.status(404).json(notFound(request, call));
    });
    return app;
  }

  async #serve(request: Request, response: Response, answerCall: (call: Call) => Reply): Promise<void> {
    const reply = answerCall(this.#record(request, response));
    if (reply.kind === 'json') {
      response.status(reply.status).set(reply.headers).json(reply.body);
      return;
    }
    response.writeHead(200, reply.headers);
    try {
      await pipeline(Readable.from(this.#pace(reply.frames)), response);
    } catch {
      // The caller went away in the middle of the stream; the recorded request says so.
    }
  }

  async *#pace(frames: Extract<Reply, { kind: 'stream' }>['frames']): AsyncGenerator<string | Buffer> {
    const { pauseMs = 0 } = this.#options;
    for (const [index, frame] of frames.entries()) {
      if (index > 0 && pauseMs > 0) await pause(pauseMs);
      yield frame;
    }
  }

  #record(request: Request, response: Response): Call {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { method, originalUrl: path, rawHeaders } = request;
    this.requests.push({
      method,
      path,
      rawHeaders,
      body,
      get isAborted() {
        return response.closed && !response.writableFinished;
      },
    });
    if (this.requests.length > KEPT_REQUESTS) this.requests.shift();
    this.received += 1;
    const { chunkCharacters = CHUNK_CHARACTERS } = this.#options;
    const { model } = request.params;
    return {
      headers: request.headers,
      body,
      model: typeof model === 'string' ? model : null,
      serial: this.received,
      chunkCharacters,
    };
  }
}

const notFound = ({ method, path, headers }: Request, { serial }: Call): object =>
  headers['anthropic-version'] === undefined
    ? openaiError(`Invalid URL (${method} ${path})`)
    : anthropicError('not_found_error', 'Not found', serial);
