// Requests of sidecars in; bundles out, as soon as there is another one, and acknowledgements to whoever keeps them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseAcknowledgement, type Acknowledgement } from './acknowledgement.ts';
import { Identities, type IdentityOptions, type Identity } from './identities.ts';
import type { Built } from './build-set.ts';
import { give, type Given, type Offers } from './offers.ts';
import { readText } from './read-text.ts';
import { Waiters } from './waiters.ts';

export interface EndpointOptions extends IdentityOptions {
  readonly offers: Offers;
  /** False until everything was heard of the API server: who is not known may only not be known yet. */
  readonly isReady: () => boolean;
  readonly acknowledge: (acknowledgement: Acknowledgement) => void;
  /** To the replica that keeps the book, and its status; null where that is here. */
  readonly relay: (spoken: Spoken) => Promise<number> | null;
}

/** What a pod said, for another replica to read and to believe by itself. */
export interface Spoken {
  readonly token: string;
  readonly text: string;
  /** Another replica has sent it here: it goes no further. */
  readonly isRelayed: boolean;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Pod = Extract<Identity, { kind: 'pod' }>;
type Serve = (caller: Caller, request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

interface Caller {
  readonly pod: Pod;
  readonly token: string;
}

export const RELAYED = 'postern-relayed';
/** Of a question: what is compared already; of an answer: what is to be. A digest, or `none`. */
const CANDIDATE = 'postern-candidate';
const NONE = 'none';
const LONGEST_WAIT_S = 60;
const LARGEST_BODY_BYTES = 64 * 1024;
const RETRY_AFTER_S = 2;
const BEARER = /^Bearer ([\w.~+/=-]{1,8192})$/i;
const WAIT = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/;

/** For any server of node:http: a handler for each path. */
export class Endpoint implements Disposable {
  readonly #options: EndpointOptions;
  readonly #identities: Identities;
  readonly #waiters = new Waiters();
  readonly #unsubscribe: () => void;
  #isClosed = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#identities = new Identities(options);
    this.#unsubscribe = options.offers.subscribe((namespace) => this.#waiters.wake(namespace));
  }

  /** `GET /v1/bundle`. */
  readonly serveBundle: Handler = (request, response) =>
    this.#serve(request, response, (...call) => this.#giveBundle(...call));

  /** `GET /v1/candidate`. */
  readonly serveCandidate: Handler = (request, response) =>
    this.#serve(request, response, ({ pod }) => {
      const given = this.#given(pod);
      if (given === 'later') return refuse(response, 503);
      if (given?.compared) sendBundle(response, given.compared);
      else refuse(response, 404, 'nothing is to be compared');
    });

  /** `POST /v1/acknowledgements`. */
  readonly takeAcknowledgement: Handler = (request, response) =>
    this.#serve(request, response, (...call) => this.#take(...call));

  get waiting(): number {
    return this.#waiters.count;
  }

  /** Whoever waits is answered at once, and comes back to another controller. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#waiters.close();
  }

  #serve(request: IncomingMessage, response: ServerResponse, serve: Serve): void {
    this.#admit(request, response, serve).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 503);
    });
  }

  async #admit(request: IncomingMessage, response: ServerResponse, serve: Serve): Promise<void> {
    const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) return refuse(response, 401);
    const identity = await this.#identities.of(token);
    if (identity === null) return refuse(response, 503);
    if (identity.kind === 'refused') return refuse(response, identity.status);
    await serve({ pod: identity, token }, request, response);
  }

  async #giveBundle({ pod }: Caller, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { namespace, podUid } = pod;
    const held = holdingOf(request);
    const ms = waitMs(request.headers['prefer']);
    if (hasNothingNew(this.#given(pod), held) && ms > 0) {
      // Whoever is ready to wait would come back at once.
      if (this.#isClosed) return refuse(response, 503);
      const ending = await this.#waiters.wait({ namespace, podUid, ms }, response);
      if (ending === 'gone') return;
      if (ending === 'full') return refuse(response, 503);
    }
    this.#answer(pod, held, response);
  }

  /** Undefined where there are no policies. */
  #given({ namespace, podUid }: Pod): Given | 'later' | undefined {
    const offer = this.#options.offers.of(namespace);
    return offer === undefined ? undefined : ((offer && give(offer, podUid)) ?? 'later');
  }

  #answer(pod: Pod, { bundle }: Holding, response: ServerResponse): void {
    const given = this.#given(pod);
    if (given === 'later') return refuse(response, 503);
    if (given === undefined) return refuse(response, this.#options.isReady() ? 404 : 503);
    const { inForce, compared, channel } = given;
    response.setHeader('postern-channel', channel);
    response.setHeader(CANDIDATE, compared?.digest ?? NONE);
    if (!isHeld(bundle, inForce.digest)) return sendBundle(response, inForce);
    response.writeHead(304, { etag: `"${inForce.digest}"` }).end();
  }

  async #take({ pod, token }: Caller, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request, LARGEST_BODY_BYTES);
    if (text === null) return refuse(response, 413);
    const parsed = parseAcknowledgement(text);
    if (!parsed.ok) return refuse(response, 400, parsed.error);
    const { namespace, pod: name, podUid } = pod;
    this.#options.acknowledge({ ...parsed.value, namespace, pod: name, podUid, atMs: Date.now() });
    const isRelayed = request.headers[RELAYED] !== undefined;
    const status = (await this.#options.relay({ token, text, isRelayed })) ?? 204;
    if (status === 204) response.writeHead(204).end();
    else refuse(response, 503);
  }
}

/** What a pod has already. */
interface Holding {
  /** Etags. */
  readonly bundle: string;
  /** Null where it compares nothing, whatever it is given. */
  readonly candidate: string | null;
}

const holdingOf = ({ headers }: IncomingMessage): Holding => ({
  bundle: headers['if-none-match'] ?? '',
  candidate: headers[CANDIDATE]?.toString() ?? null,
});

function hasNothingNew(given: Given | 'later' | undefined, { bundle, candidate }: Holding): boolean {
  if (given === 'later' || given === undefined) return true;
  const isCompared = candidate === null || candidate === (given.compared?.digest ?? NONE);
  return isCompared && isHeld(bundle, given.inForce.digest);
}

function sendBundle(response: ServerResponse, { digest, bytes }: Built): void {
  const headers = {
    etag: `"${digest}"`,
    'cache-control': 'private, no-cache',
    'content-type': 'application/gzip',
    'content-length': bytes.length,
  };
  response.writeHead(200, headers).end(bytes);
}

const isHeld = (held: string, digest: string): boolean => held.includes(`"${digest}"`);

function waitMs(prefer: string | readonly string[] | undefined): number {
  const [, seconds = '0'] = WAIT.exec(String(prefer ?? '')) ?? [];
  return Math.min(Number(seconds), LONGEST_WAIT_S) * 1000;
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'a token of the audience postern is needed',
  403: 'no live pod of ours speaks with this token',
  404: 'this namespace has no policies',
  413: 'too large',
  503: 'not now',
};

function refuse(response: ServerResponse, status: number, error = REASONS[status]): void {
  const body = JSON.stringify({ error });
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(body));
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (status === 503) response.setHeader('retry-after', RETRY_AFTER_S);
  // What was not read of the request is not read any more.
  if (status === 413) response.setHeader('connection', 'close');
  response.writeHead(status).end(body);
}
