// The body of a responses request in; what it says, in the words of every dialect, out.
import type { Limits, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, findValue, isNull, itemsOf, type JsonObject } from '../json/index.ts';
import type { Place } from '../read/place.ts';
import {
  as,
  byKind,
  known,
  list,
  map,
  note,
  object,
  oneOf,
  plain,
  reference,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import { callArguments } from '../read/tools.ts';
import type { TypedField } from '../read/typed.ts';
import { part } from './content.ts';
import { readItem } from './items.ts';
import { tools } from './tools.ts';

/** Which model answers, a stored prompt can say as well. */
const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string' },
  { name: 'stream', type: 'boolean' },
  { name: 'store', type: 'boolean' },
  { name: 'background', type: 'boolean' },
  { name: 'max_output_tokens', type: 'count' },
  { name: 'max_tool_calls', type: 'count' },
  { name: 'top_logprobs', type: 'count' },
];

const item = readItem({ take: callArguments, tools });

const inTurn = (place: Place, turn: number): Place => ({ ...place, turn, lane: `${turn}.0` });

/** Instructions are the first turn where there are any; each item of the input is one. */
const turnsFrom = (first: number): Reader =>
  byKind({
    string: (node, place, out) => text()(node, { ...inTurn(place, first), role: 'user' }, out),
    array: (node, place, out) => {
      for (const [position, each] of itemsOf(node).entries())
        item(each, inTurn(place, first + position), out);
    },
  });

const instructions: Reader = as({ turn: 0, role: 'system', origin: 'system', lane: '0.0' }, text());

/** A template that the provider keeps, and what is put into it. */
const prompt = object({
  id: reference('prompt'),
  version: note,
  variables: as({ role: 'user', lane: 'prompt.0' }, map(byKind({ string: text(), object: part }))),
});

const conversation = byKind({
  string: reference('conversation'),
  object: object({ id: reference('conversation') }),
});

/** Kept by the provider: what is said now can be read back later. */
const kept =
  (kind: string): Reader =>
  (node, place, out) => {
    if (node.kind === 'literal' && node.value === true) out.addReference(kind, 'true', place.origin);
  };

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

const FIELDS: Fields = {
  model: note,
  stream: known,
  stream_options: object({ include_usage: plain, include_obfuscation: plain }),
  prompt,
  previous_response_id: reference('response'),
  conversation,
  store: kept('store'),
  background: kept('background'),
  max_output_tokens: known,
  max_tool_calls: known,
  top_logprobs: known,
  tools,
  tool_choice: byKind({ string: oneOf('none', 'auto', 'required'), object: note }),
  parallel_tool_calls: plain,
  personality: note,
  text: object({ format: note, verbosity: oneOf('low', 'medium', 'high') }),
  reasoning: object({
    effort: oneOf(...EFFORTS),
    summary: oneOf('auto', 'concise', 'detailed'),
    generate_summary: oneOf('auto', 'concise', 'detailed'),
    context: oneOf('auto', 'current_turn', 'all_turns'),
    mode: note,
  }),
  include: list(note),
  truncation: oneOf('auto', 'disabled'),
  context_management: list(object({ type: oneOf('compaction'), compact_threshold: plain })),
  temperature: plain,
  top_p: plain,
  service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority'),
  prompt_cache_retention: oneOf('in_memory', 'in-memory', '24h'),
  prompt_cache_options: object({ mode: oneOf('implicit', 'explicit'), ttl: oneOf('30m') }),
  prompt_cache_key: note,
  safety_identifier: note,
  user: note,
  metadata: map(note),
  moderation: note,
};

const readWithInstructions = object({ ...FIELDS, instructions, input: turnsFrom(1) });
const readWithout = object({ ...FIELDS, instructions: known, input: turnsFrom(0) });

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(
    body,
    {
      types: TYPES,
      readerFor: (request) => (hasInstructions(request) ? readWithInstructions : readWithout),
      limitsOf,
    },
    asked,
  );

function hasInstructions(request: JsonObject): boolean {
  const value = findValue(request, 'instructions');
  return value !== undefined && !isNull(value);
}

const limitsOf = (request: JsonObject): Limits =>
  Object.fromEntries(
    ['max_output_tokens', 'max_tool_calls'].flatMap((name) => {
      const most = findNumber(request, name);
      return most === undefined ? [] : [[name, most] as const];
    }),
  );
