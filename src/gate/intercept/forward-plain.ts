// A request in plain HTTP to a host that is not under policy, asked of us as a proxy, in; the host's answer, byte for byte, out.
import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Authority, FailureCode } from '../../exchange/index.ts';
import type { Way } from './choose-way.ts';
import { dial, findAddresses } from './pass-through.ts';
import type { House } from './reception.ts';
import { cutReply, writeHead, type Arrival, type Reply } from './reply.ts';

/** Of one hop (RFC 9110, 7.6.1). */
const HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

interface Errand {
  readonly to: Authority;
  readonly path: string;
  readonly way: Extract<Way, { kind: 'pass' }>;
  readonly house: House;
}

const FORBIDDEN = { way: 'refuse', why: 'address' } as const;
const PASSING = { way: 'pass', why: null } as const;

/** Calls back with why it cannot be, before anything was sent. */
export async function forwardPlain(
  { arrival, reply }: { readonly arrival: Arrival; readonly reply: Reply },
  errand: Errand,
  refuse: (why: FailureCode) => void,
): Promise<void> {
  const { way, to, house } = errand;
  const addresses = await findAddresses(way, house.passRules).catch(() => null);
  house.note({ mode: 'proxy', ...(addresses === null ? FORBIDDEN : PASSING), host: to.host });
  if (addresses === null) return refuse('POSTERN_E_FORBIDDEN_HOST');
  const socket = await dial(addresses, to.port).catch(() => null);
  if (socket === null) return refuse('POSTERN_E_UPSTREAM_UNREACHABLE');
  // Its client sees a connection that breaks, as it would without us.
  relay(arrival, reply, { ...errand, socket }).catch(() => cutReply(reply));
}

async function relay(
  arrival: Arrival,
  reply: Reply,
  { to, path, socket }: Errand & { readonly socket: Socket },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({
    createConnection: () => socket,
    method: arrival.method,
    path,
    headers: endToEnd(arrival.rawHeaders, to),
  });
  outgoing.once('response', resolve).once('error', reject);
  reply.once('close', () => outgoing.destroy());
  arrival.pipe(outgoing);
  const answer = await promise;
  const out = writeHead(reply, answer.statusCode ?? 502, pairsToFields(answer.rawHeaders));
  answer.once('error', () => cutReply(reply));
  answer.pipe(out);
}

const HEADERS_OF_ONE = new Set(['host', 'content-length']);

function endToEnd(
  rawHeaders: readonly string[],
  { host, port }: Authority,
): Record<string, string | string[]> {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const fields = pairsToFields(rawHeaders);
  return { ...fields, host: port === 80 ? bracketed : `${bracketed}:${String(port)}` };
}

/** Without those of one hop; what is said twice is said twice, save where that would mean two messages. */
function pairsToFields(rawHeaders: readonly string[]): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (HOP.has(name) || (HEADERS_OF_ONE.has(name) && fields.has(name))) continue;
    fields.set(name, [...(fields.get(name) ?? []), rawHeaders[i + 1] ?? '']);
  }
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
