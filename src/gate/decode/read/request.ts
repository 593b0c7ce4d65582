// What the requests of all dialects have in common: types are checked, turns have roles, the rest is for readers.
import type { Limits, Origin, RequestMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findString, findValue, isNull, itemsOf, type JsonObject } from '../json/index.ts';
import { Collector } from './collector.ts';
import type { Place } from './place.ts';
import type { Reader } from './readers.ts';
import { checkTypes, parseObject, type TypedField } from './typed.ts';

export interface RequestMap {
  readonly types: readonly TypedField[];
  readonly readerFor: (request: JsonObject) => Reader;
  readonly limitsOf: (request: JsonObject) => Limits;
  /** What may stand before the model that the path names, where the body names it again. */
  readonly modelPrefix?: string;
}

const OUTSIDE: Place = { turn: -1, role: '', origin: 'user', lane: '', kind: 'text' };

export function readRequest(
  body: Buffer,
  map: RequestMap,
  asked: Asked = {},
): Result<RequestMessage, DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const request = parsed.value;
  const fault = findFault(request, map, asked);
  if (fault !== null) return err(fault);
  const out = new Collector(body, 'user');
  map.readerFor(request)(request, OUTSIDE, out);
  const refused = out.fault ?? checkStream(request, asked);
  if (refused !== null) return err(refused);
  const { parts, tools, references, coverage } = out;
  return ok({
    model: asked.model ?? findString(request, 'model') ?? '',
    stream: asked.stream ?? isStream(request),
    parts,
    tools,
    references,
    limits: map.limitsOf(request),
    coverage,
  });
}

const findFault = (
  request: JsonObject,
  { types, modelPrefix = '' }: RequestMap,
  asked: Asked,
): DecodeFault | null =>
  checkTypes(request, typesFor(types, asked)) ??
  checkModel(request, asked, modelPrefix) ??
  checkTurns(request);

/** What asks no model for anything. */
export const emptyRequest = ({ parts, tools, references, coverage }: Collector): RequestMessage => ({
  model: '',
  stream: false,
  parts,
  tools,
  references,
  limits: {},
  coverage,
});

/** The request of an operation that says all it wants in its path. */
export const decodeNothing = (
  body: Buffer,
  { model = '' }: Asked = {},
): Result<RequestMessage, DecodeFault> =>
  body.length === 0
    ? ok({ ...emptyRequest(new Collector(body, 'user')), model })
    : err({ code: 'body.unexpected', offset: 0 });

/** A model that the path names need not be named again. */
const typesFor = (types: readonly TypedField[], { model }: Asked): readonly TypedField[] =>
  model === undefined ? types : types.map((type) => (type.name === 'model' ? MODEL : type));

const MODEL: TypedField = { name: 'model', type: 'string' };

/** A body that names another than the path would be judged for the one and answered by the other. */
function checkModel(request: JsonObject, { model }: Asked, prefix: string): DecodeFault | null {
  const value = findValue(request, 'model');
  if (
    model === undefined ||
    value?.kind !== 'string' ||
    ['', model, `${prefix}${model}`].includes(value.value)
  )
    return null;
  return { code: 'request.model_conflict', offset: value.start, path: '/model' };
}

/** The path has said already whether the answer streams. */
function checkStream(request: JsonObject, { stream }: Asked): DecodeFault | null {
  const value = findValue(request, 'stream');
  if (stream === undefined || value === undefined || isNull(value) || isStream(request) === stream)
    return null;
  return { code: 'request.stream_conflict', offset: value.start, path: '/stream' };
}

/** A turn of no role is nobody's. */
function checkTurns(request: JsonObject): DecodeFault | null {
  const items = itemsOf(findValue(request, 'messages'));
  const index = items.findIndex((item) => findString(item, 'role') === undefined);
  const bad = items[index];
  if (bad === undefined) return null;
  return { code: 'request.role_type', offset: bad.start, path: `/messages/${index}/role` };
}

function isStream(request: JsonObject): boolean {
  const value = findValue(request, 'stream');
  return value?.kind === 'literal' && value.value === true;
}

export const originOf = (role: string, origins: Readonly<Record<string, Origin>>): Origin =>
  (Object.hasOwn(origins, role) ? origins[role] : undefined) ?? 'unknown';
