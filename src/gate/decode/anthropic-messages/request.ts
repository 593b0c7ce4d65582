// The body of a messages request in; what it says, in the words of every dialect, out.
import type { Limits, Origin, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, findString, findValue, isNull, itemsOf, type JsonObject } from '../json/index.ts';
import {
  byKind,
  known,
  list,
  map,
  note,
  object,
  oneOf,
  plain,
  reference,
  tagged,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { originOf, readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';
import { content } from './blocks.ts';
import { cache_control } from './sources.ts';
import { tool } from './tools.ts';

const ORIGINS: Readonly<Record<string, Origin>> = {
  system: 'system',
  user: 'user',
  assistant: 'assistant',
};

const effort = oneOf('low', 'medium', 'high', 'xhigh', 'max');

const turn = object({
  role: oneOf('system', 'user', 'assistant'),
  content,
  clear_at: oneOf('next_user_message', 'never'),
  output_config: object({ effort }),
});

/** The system instruction is the first turn where there is one. */
const system: Reader = (node, place, out) =>
  content(node, { ...place, turn: 0, role: 'system', origin: 'system', lane: '0.0' }, out);

const turnsFrom =
  (first: number): Reader =>
  (node, place, out) => {
    for (const [position, item] of itemsOf(node).entries()) {
      const role = findString(item, 'role') ?? '';
      const origin = originOf(role, ORIGINS);
      const index = first + position;
      turn(item, { ...place, turn: index, role, origin, lane: `${index}.0` }, out);
    }
  };

const mcpServer = object({
  type: oneOf('url'),
  name: note,
  url: reference('mcp_server'),
  authorization_token: note,
  tool_configuration: object({ enabled: plain, allowed_tools: list(note) }),
});

const skill = object({ type: oneOf('anthropic', 'custom'), skill_id: reference('skill'), version: note });

const container = byKind({
  string: reference('container'),
  object: object({ id: reference('container'), skills: list(skill) }),
});

const thinking = object({
  type: oneOf('enabled', 'disabled', 'adaptive', 'between_tools'),
  budget_tokens: plain,
  display: oneOf('summarized', 'omitted', 'updates'),
  block_binding: object({ prefix_mismatch_behavior: oneOf('error', 'drop_block') }),
});

const outputFormat = object({ type: oneOf('json_schema'), schema: note });

const output_config = object({
  effort,
  format: outputFormat,
  task_budget: object({ type: oneOf('tokens'), total: plain, remaining: plain }),
});

/** Another model may answer: it is named like the first. */
const fallback = object({
  model: reference('model'),
  max_tokens: plain,
  output_config,
  speed: oneOf('standard', 'fast'),
  thinking,
});

const instructed = object({ type: oneOf('summarize'), instructions: note });

const FIELDS: Fields = {
  model: note,
  // On other hosts than its own: there the path names the model, and no header the version.
  anthropic_version: note,
  anthropic_beta: list(note),
  max_tokens: known,
  stream: known,
  tools: list(tool),
  tool_choice: object({
    type: oneOf('auto', 'any', 'tool', 'none'),
    name: note,
    disable_parallel_tool_use: plain,
  }),
  stop_sequences: list(note),
  temperature: plain,
  top_k: known,
  top_p: plain,
  metadata: map(note),
  thinking,
  output_config,
  output_format: outputFormat,
  cache_control,
  service_tier: oneOf('auto', 'standard_only'),
  speed: oneOf('standard', 'fast'),
  inference_geo: note,
  container,
  mcp_servers: list(mcpServer),
  diagnostics: object({ previous_message_id: reference('message') }),
  thread: tagged({ create: {}, continue: { previous_message_id: reference('message') } }),
  fallbacks: byKind({ string: oneOf('default'), array: list(fallback) }),
  fallback_credit_token: note,
  context_management: note,
  compaction: instructed,
  billing_policy: note,
  user_profile_id: note,
  workspace_id: note,
};

const readWithSystem = object({ ...FIELDS, system, messages: turnsFrom(1) });
const readWithout = object({ ...FIELDS, system: known, messages: turnsFrom(0) });

type DecodeRequest = (body: Buffer, asked?: Asked) => Result<RequestMessage, DecodeFault>;

/** Whatever is asked about a message, it is asked in the same fields. */
export const requestsOf =
  (types: readonly TypedField[]): DecodeRequest =>
  (body, asked) =>
    readRequest(
      body,
      {
        types,
        readerFor: (request) => (hasSystem(request) ? readWithSystem : readWithout),
        limitsOf,
      },
      asked,
    );

export const decodeRequest = requestsOf([
  { name: 'model', type: 'string', isRequired: true },
  { name: 'messages', type: 'array', isRequired: true },
  { name: 'max_tokens', type: 'count', isRequired: true },
  { name: 'stream', type: 'boolean' },
  { name: 'top_k', type: 'count' },
]);

function hasSystem(request: JsonObject): boolean {
  const value = findValue(request, 'system');
  return value !== undefined && !isNull(value);
}

function limitsOf(request: JsonObject): Limits {
  const most = findNumber(request, 'max_tokens');
  return most === undefined ? {} : { max_output_tokens: most };
}
