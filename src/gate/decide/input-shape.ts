// The input: every field that policies can read, what it is, and how it is taken from the facts. The only list of them.
import { hash } from 'node:crypto';
import type { Finding, Part, Reference, Tool } from '../../exchange/index.ts';
import type { Facts } from './facts.ts';
import {
  count,
  flag,
  group,
  handle,
  list,
  oneOf,
  open,
  share,
  text,
  texts,
  type Fields,
} from './input-field.ts';
import { TEXT_HANDLE } from './input-reads.ts';

const ORIGINS = ['system', 'developer', 'user', 'assistant', 'tool', 'document', 'unknown'] as const;
const KINDS = ['text', 'reasoning', 'refusal', 'tool_call', 'tool_result', 'media'] as const;
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;

const ORIGIN = 'who stands behind it';

const PART: Fields<Part> = {
  turn: count('index of the turn, from 0; -1 outside of all turns', (part) => part.turn),
  role: text('as it stood on the wire', (part) => part.role),
  origin: oneOf(ORIGINS, ORIGIN, (part) => part.origin),
  lane: text('one sequence of text that a client joins together', (part) => part.lane),
  kind: oneOf(KINDS, 'what it is', (part) => part.kind),
  name: text('of the tool that is called or that answers', (part) => part.name),
  arguments: open({ description: 'of a tool call, parsed' }, (part) => part.arguments),
  media: text('media type of what was not read', (part) => part.media),
  chars: count('characters of its text', (part) => countCodePoints(part.text)),
  sha256: text('over its text', (part) => hash('sha256', part.text)),
  text: text('a stream that is asked for it waits for its end', (part) => part.text),
  [TEXT_HANDLE]: handle,
};

const FINDING: Fields<Finding> = {
  detector: text('what saw it', (finding) => finding.detector),
  code: text('what was seen, e.g. secret.aws_access_key', (finding) => finding.code),
  severity: oneOf(SEVERITIES, 'how grave it is', (finding) => finding.severity),
  confidence: share('how sure it is', (finding) => finding.confidence),
  part: count('index into parts', (finding) => finding.part),
  origin: oneOf(ORIGINS, ORIGIN, (finding) => finding.origin),
};

const TOOL: Fields<Tool> = {
  name: text('as the model knows it', (tool) => tool.name),
  kind: text('function, or the name of a hosted tool', (tool) => tool.kind),
  sha256: text('over its definition', (tool) => tool.sha256),
};

const REFERENCE: Fields<Reference> = {
  kind: text('url, file, model, …', (reference) => reference.kind),
  value: text('the name itself', (reference) => reference.value),
  origin: oneOf(ORIGINS, ORIGIN, (reference) => reference.origin),
};

export const INPUT = group<Facts>('What a policy reads', {
  phase: oneOf(['request', 'response'], 'the side of the exchange', (facts) => facts.phase),
  partial: flag('true while an answer is still arriving', (facts) => facts.partial),
  provider: text('whose wire format the upstream speaks', ({ route }) => route.upstream.provider),
  dialect: text('the shape of the wire API', ({ route }) => route.operation.dialect),
  operation: text('what is asked of the provider', ({ route }) => route.operation.name),
  model: text('the model asked for, or the one that answered', (facts) => facts.model),
  stream: flag('whether the answer is streamed', (facts) => facts.stream),
  upstream: group('where the exchange goes', {
    name: text('in the configuration', ({ route }) => route.upstream.name),
    host: text('without port', ({ route }) => route.upstream.url.hostname),
  }),
  parts: list('the smallest thing a policy can speak about', (facts) => facts.parts, PART),
  tools: list('offered to the model', (facts) => facts.tools, TOOL),
  references: list('content that is named, not sent', (facts) => facts.references, REFERENCE),
  limits: open(
    { type: 'object', description: 'ceilings asked for', additionalProperties: { type: 'number' } },
    (facts) => facts.limits,
  ),
  findings: list('what detectors saw', (facts) => facts.findings, FINDING),
  coverage: group('how much was understood', {
    bytes: count('of the body', ({ coverage }) => coverage.bytes),
    judged: count('bytes that were', ({ coverage }) => coverage.judged),
    opaque: count('bytes that were not, such as media', ({ coverage }) => coverage.opaque),
    unknown_fields: count('fields that nobody knows', ({ coverage }) => coverage.unknownFields),
  }),
  usage: group('tokens as billed, in answers', {
    input_tokens: count('of the request', ({ usage }) => usage.inputTokens),
    output_tokens: count('of the answer', ({ usage }) => usage.outputTokens),
  }),
  finish_reasons: texts('why the answer ended, one for each choice', (facts) => facts.finishReasons),
});

const SECOND_HALF = /[\udc00-\udfff]/;

/** What a person would count: UTF-16 units less the second halves of surrogate pairs. */
function countCodePoints(of: string): number {
  // Tells at once for a text of one byte a character, which most are.
  if (!SECOND_HALF.test(of)) return of.length;
  let pairs = 0;
  for (let i = 0; i < of.length; i += 1) {
    const unit = of.charCodeAt(i);
    if (unit >= 0xdc00 && unit <= 0xdfff) pairs += 1;
  }
  return of.length - pairs;
}
