// A request's head as it stood on the wire in; one unambiguous reading of it, or the reason why there is none, out.
import { CREDENTIAL_HEADERS, PosternError } from '../../exchange/index.ts';

/** What a server read off the wire, before anybody has judged it. */
export interface RawHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Name, value, name, value: everything that was sent, in its order. */
  readonly rawHeaders: readonly string[];
}

export interface RequestHead {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Lower-case names; one value each. */
  readonly headers: ReadonlyMap<string, string>;
}

const MAX_TARGET = 8_192;

/** Lists by their definition (RFC 9110, 5.3); to send any other header twice means two things to two readers. */
const LISTS = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'anthropic-beta',
  'baggage',
  'cache-control',
  'connection',
  'cookie',
  'forwarded',
  'openai-beta',
  'pragma',
  'te',
  'tracestate',
  'via',
  'x-forwarded-for',
]);

const FORBIDDEN = ['proxy-authorization', 'trailer'];

/** What clients say of their own hop. Any other name would ask the next hop to take a header away. */
const CONNECTION_OPTIONS = new Set(['close', 'keep-alive', 'te', 'upgrade', 'http2-settings']);

/** What a header may say, where not everything is understood here. */
const GRAMMAR = Object.entries({
  host: /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i,
  'content-length': /^(0|[1-9]\d{0,14})$/,
  'transfer-encoding': /^chunked$/,
  expect: /^100-continue$/i,
  // Java's own client asks on every plain connection. Nobody has to follow, and it is not passed on.
  upgrade: /^h2c$/i,
});

const VISIBLE = /^[\t -~]*$/;

/** @throws PosternError POSTERN_E_BAD_REQUEST naming the header, never its value. */
export function readHead({ method = '', url = '', httpVersion, rawHeaders }: RawHead): RequestHead {
  // Where there is no length, HTTP/1.0 ends an answer by closing: a stream that was cut would look like a whole one.
  if (httpVersion !== '1.1' && httpVersion !== '2.0') throw badHead('Speak HTTP/1.1 or HTTP/2.');
  if (!url.startsWith('/')) throw badHead('The target must be a path.');
  if (url.length > MAX_TARGET) throw badHead(`The target is longer than ${MAX_TARGET} bytes.`);
  const headers = collectHeaders(rawHeaders);
  if (httpVersion === '2.0') foldPseudo(headers);
  checkHeaders(headers);
  return { method, target: url, headers };
}

function collectHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    if (!VISIBLE.test(value)) throw badHead(`The header ${name} holds more than visible ASCII.`);
    const earlier = headers.get(name);
    if (earlier !== undefined && !LISTS.has(name)) throw badHead(`The header ${name} is repeated.`);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return headers;
}

const PSEUDO = [':method', ':path', ':scheme', ':authority'];

/** HTTP/2 says the request line in headers, and may name the host once more: then it is the same (RFC 9113, 8.3.1). */
function foldPseudo(headers: Map<string, string>): void {
  const authority = headers.get(':authority');
  // No header of HTTP/1.1 can have such a name: whoever only says that this is HTTP/2 ends here.
  if (!headers.has(':method')) throw badHead('This is not HTTP/2.');
  if (authority !== undefined && headers.has('host') && headers.get('host') !== authority)
    throw badHead('The headers host and :authority differ.');
  if (authority !== undefined) headers.set('host', authority);
  for (const name of PSEUDO) headers.delete(name);
}

function checkHeaders(headers: ReadonlyMap<string, string>): void {
  const forbidden = FORBIDDEN.find((name) => headers.has(name));
  if (forbidden !== undefined) throw badHead(`The header ${forbidden} is not accepted.`);
  if (!headers.has('host')) throw badHead('The header host is missing.');
  for (const [name, grammar] of GRAMMAR) {
    const value = headers.get(name);
    if (value !== undefined && !grammar.test(value)) throw badHead(`The header ${name} is not understood.`);
  }
  const credentials = CREDENTIAL_HEADERS.filter((name) => headers.has(name));
  if (credentials.length > 1) throw badHead(`Send one credential, not ${credentials.join(' and ')}.`);
  const options = headers.get('connection')?.toLowerCase().split(',') ?? [];
  if (!options.every((option) => CONNECTION_OPTIONS.has(option.trim())))
    throw badHead('The header connection names what is not its own to name.');
}

const badHead = (detail: string): PosternError => new PosternError('POSTERN_E_BAD_REQUEST', detail);
