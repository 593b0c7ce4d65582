// A message to an MCP server in; what it says, and by which id the answer is known, out. Methods are a closed list.
import type { RequestMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { Asked, Codec, DecodeFault } from '../codec.ts';
import { findString, findValue, type JsonNode, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { known, map, note, object, oneOf, plain, type Fields, type Reader } from '../read/readers.ts';
import { decodeNothing, emptyRequest } from '../read/request.ts';
import { callArguments } from '../read/tools.ts';
import { checkTypes, parseObject, type TypedField } from '../read/typed.ts';

const TYPES: readonly TypedField[] = [
  { name: 'jsonrpc', type: 'string', isRequired: true },
  { name: 'method', type: 'string', isRequired: true },
];

/** Who asks for a tool to be called is a model, on behalf of whoever it works for. */
const CALLING: Place = { turn: 0, role: 'assistant', origin: 'assistant', lane: '0.0', kind: 'tool_call' };

const call: Reader = (node, _place, out) => {
  const place = { ...CALLING, name: findString(node, 'name') ?? '' };
  callArguments(findValue(node, 'arguments'), place, out);
  readCall(node, place, out);
};

const always: Fields = { _meta: note };

const readCall = object({ ...always, name: note, arguments: known });

const paged = object({ ...always, cursor: note });
const resource = object({ ...always, uri: note });
const nothing = object(always);

const METHODS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    initialize: object({ ...always, protocolVersion: note, capabilities: note, clientInfo: note }),
    ping: nothing,
    'tools/list': paged,
    'tools/call': call,
    'prompts/list': paged,
    'prompts/get': object({ ...always, name: note, arguments: map(note) }),
    'resources/list': paged,
    'resources/templates/list': paged,
    'resources/read': resource,
    'resources/subscribe': resource,
    'resources/unsubscribe': resource,
    'completion/complete': object({ ...always, ref: note, argument: note, context: note }),
    'logging/setLevel': object({ ...always, level: note }),
    'notifications/initialized': nothing,
    'notifications/cancelled': object({ ...always, requestId: note, reason: note }),
    'notifications/progress': object({
      ...always,
      progressToken: note,
      progress: plain,
      total: plain,
      message: note,
    }),
    'notifications/roots/list_changed': nothing,
  } satisfies Record<string, Reader>),
);

const readerFor = (params: Reader): Reader =>
  object({ jsonrpc: oneOf('2.0'), id: note, method: known, params });

/** Answers to what a server asks are no methods: servers ask nothing here, so none is waited for. */
export const decodeRequest: Codec['decodeRequest'] = (body, asked) =>
  asked?.stream === false ? decodeNothing(body) : decodeMessage(body, asked);

function decodeMessage(body: Buffer, _asked?: Asked): Result<RequestMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const message = parsed.value;
  const fault = checkTypes(message, TYPES) ?? checkId(message);
  if (fault !== null) return err(fault);
  const params = METHODS.get(findString(message, 'method') ?? '');
  if (params === undefined)
    return err({ code: 'mcp.method', offset: findValue(message, 'method')?.start ?? 0 });
  const out = new Collector(body, 'user');
  readerFor(params)(message, CALLING, out);
  if (out.fault !== null) return err(out.fault);
  // Whether the answer comes as one message or as several is for the server to choose.
  return ok({ ...emptyRequest(out), stream: true, ...replyTo(message, out) });
}

/** A number that is no whole one has many spellings, and an answer is found by its id. */
function checkId(message: JsonObject): DecodeFault | null {
  const id = findValue(message, 'id');
  if (id === undefined || id.kind === 'string' || isWhole(id)) return null;
  return { code: 'mcp.id', offset: id.start };
}

const isWhole = (node: JsonNode): boolean => node.kind === 'number' && /^-?\d{1,15}$/.test(node.raw);

function replyTo(message: JsonObject, out: Collector): Pick<RequestMessage, 'replyTo'> {
  const id = findValue(message, 'id');
  return id === undefined ? {} : { replyTo: out.bytesOf(id).toString() };
}
