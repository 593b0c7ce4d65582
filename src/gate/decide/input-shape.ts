// The input: every field that policies can read, what it is, and how it is taken from the facts. The only list of them.
import type { Finding, Part, Reference, Tool } from '../../exchange/index.ts';
import { countCharacters } from './count-characters.ts';
import type { Facts } from './facts.ts';
import {
  count,
  flag,
  group,
  handle,
  list,
  oneOf,
  open,
  sha256,
  share,
  text,
  texts,
  type Fields,
} from './input-field.ts';
import { hashTools } from './hash-tools.ts';
import { IDENTITY, TEXT_HANDLE } from './input-reads.ts';

const ORIGINS = ['system', 'developer', 'user', 'assistant', 'tool', 'document', 'unknown'] as const;
const KINDS = ['text', 'reasoning', 'refusal', 'tool_call', 'tool_result', 'media'] as const;
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;

const ORIGIN = 'who stands behind it';

const PART: Fields<Part> = {
  turn: count('index of its turn, from 0; -1 outside of all turns', (part) => part.turn),
  role: text('as it stands on the wire', (part) => part.role),
  origin: oneOf(ORIGINS, ORIGIN, (part) => part.origin),
  lane: text('one sequence of text that a client joins together', (part) => part.lane),
  kind: oneOf(KINDS, '', (part) => part.kind),
  name: text('of the tool that is called, or that answers', (part) => part.name),
  arguments: open({ description: 'of the call of a tool, parsed' }, (part) => part.arguments),
  media: text('type of a medium, which nobody reads', (part) => part.media),
  chars: count('characters of its text', (part) => countCharacters(part.text)),
  sha256: sha256('of its text, in hex; only of instructions: in a turn, by `system` or `developer`', (part) =>
    isInstruction(part) ? part.text : undefined,
  ),
  text: text(
    'itself; an answer of which some policy reads it is held until it has ended',
    (part) => part.text,
  ),
  [TEXT_HANDLE]: handle,
  [IDENTITY]: handle,
};

const FINDING: Fields<Finding> = {
  detector: text('what saw it', (finding) => finding.detector),
  code: text(
    'what was seen: the id of a pattern, or e.g. `secret.aws_access_key`',
    (finding) => finding.code,
  ),
  severity: oneOf(SEVERITIES, '', (finding) => finding.severity),
  confidence: share('from 0 to 1', (finding) => finding.confidence),
  part: count('index into `parts`', (finding) => finding.part),
  origin: oneOf(ORIGINS, ORIGIN, (finding) => finding.origin),
  shown: count(
    'how much of it a stream had let go when it was found, in UTF-16 units; absent where nothing',
    (finding) => finding.shown,
  ),
};

const TOOL: Fields<Tool> = {
  name: text('as the model knows it', (tool) => tool.name),
  kind: text('`function`, or the name of a hosted tool, e.g. `code_interpreter`', (tool) => tool.kind),
  server: text(
    'label of the MCP server that lists it; empty where that is the upstream, or it is the application’s',
    (tool) => tool.server ?? '',
  ),
  sha256: text(
    'for pinning, in hex: of its name, description and input schema in canonical form (RFC 8785), the same in every dialect',
    (tool) => tool.sha256,
  ),
  whole_sha256: text(
    'the same of all of its definition, without credentials and marks for caches',
    (tool) => tool.wholeSha256,
  ),
};

const REFERENCE: Fields<Reference> = {
  kind: text('what it names, e.g. `file`, `container`, `model`', (reference) => reference.kind),
  value: text('the name', (reference) => reference.value),
  origin: oneOf(ORIGINS, ORIGIN, (reference) => reference.origin),
};

export const INPUT = group<Facts>('One side of an exchange, as facts', {
  phase: oneOf(['request', 'response'], '', (facts) => facts.phase),
  partial: flag('while an answer is still arriving', (facts) => facts.partial),
  provider: text(
    'whose wire format the upstream speaks, e.g. `openai`',
    ({ route }) => route.upstream.provider,
  ),
  dialect: text('the shape of the wire API, e.g. `openai-chat`', ({ route }) => route.operation.dialect),
  operation: text('what is asked of the provider, e.g. `chat`', ({ route }) => route.operation.name),
  model: text('asked for, or that answered', (facts) => facts.model),
  stream: flag('whether the answer is one', (facts) => facts.stream),
  upstream: group('where the exchange goes', {
    name: text('in the configuration of the sidecar', ({ route }) => route.upstream.name),
    host: text('without port', ({ route }) => route.upstream.url.hostname),
  }),
  credential: group('what the caller sent to vouch for itself', {
    id: text(
      'which one, by a salted hash: the same for the same credential while the sidecar runs, or for one `salt_file`',
      ({ route }) => route.credentialId,
    ),
  }),
  parts: list('the texts, calls and media of the message, in order', (facts) => facts.parts, PART),
  tools: list(
    'offered to the model, in requests; listed by servers, in answers',
    (facts) => facts.tools,
    TOOL,
  ),
  tools_sha256: text(
    'of all of them, in any order, and the address of the upstream; where there are tools',
    hashTools,
  ),
  references: list(
    'content that is named instead of sent, in requests',
    (facts) => facts.references,
    REFERENCE,
  ),
  limits: open(
    {
      type: 'object',
      description: 'asked for, e.g. `max_output_tokens`, `n`',
      additionalProperties: { type: 'number' },
    },
    (facts) => facts.limits,
  ),
  findings: list('what detectors and patterns saw', (facts) => facts.findings, FINDING),
  coverage: group('how much of the body was understood', {
    bytes: count('of the body', ({ coverage }) => coverage.bytes),
    judged: count('bytes of them that were', ({ coverage }) => coverage.judged),
    opaque: count('bytes of them that were not, such as media', ({ coverage }) => coverage.opaque),
    unknown_fields: count('fields that nobody knows', ({ coverage }) => coverage.unknownFields),
  }),
  usage: group('tokens as billed, in answers', {
    input_tokens: count('of the request', ({ usage }) => usage.inputTokens),
    output_tokens: count('of the answer', ({ usage }) => usage.outputTokens),
  }),
  finish_reasons: texts('why the answer ended, one for each choice that did', (facts) => facts.finishReasons),
});

function isInstruction({ origin, turn }: Part): boolean {
  return turn !== -1 && (origin === 'system' || origin === 'developer');
}
