// What is known about one side of an exchange in; the document that policies read out. Facts, in snake_case.
import { hash } from 'node:crypto';
import type { Finding, Part } from '../../exchange/index.ts';
import type { Facts } from './facts.ts';

/** Where a part says which text is its own, for built-ins that the host answers. */
export const TEXT_HANDLE = '@text';

/** `readsText`: whether some policy of the bundle refers to the text of parts; if none does, it is left out. */
export function buildInput(facts: Facts, readsText: boolean): Record<string, unknown> {
  const { route, coverage, usage } = facts;
  return {
    phase: facts.phase,
    partial: facts.partial,
    provider: route.upstream.provider,
    dialect: route.operation.dialect,
    operation: route.operation.name,
    model: facts.model,
    stream: facts.stream,
    upstream: { name: route.upstream.name, host: route.upstream.url.hostname },
    parts: facts.parts.map((part, index) => ({ ...describePart(part, readsText), [TEXT_HANDLE]: index })),
    tools: facts.tools,
    references: facts.references,
    limits: facts.limits,
    findings: facts.findings.map(describeFinding),
    coverage: {
      bytes: coverage.bytes,
      judged: coverage.judged,
      opaque: coverage.opaque,
      unknown_fields: coverage.unknownFields,
    },
    usage: { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
    finish_reasons: facts.finishReasons,
  };
}

const describePart = (part: Part, readsText: boolean): Record<string, unknown> => ({
  turn: part.turn,
  role: part.role,
  origin: part.origin,
  lane: part.lane,
  kind: part.kind,
  name: part.name,
  arguments: part.arguments,
  media: part.media,
  chars: countCodePoints(part.text),
  sha256: hash('sha256', part.text),
  text: readsText ? part.text : undefined,
});

const describeFinding = ({
  detector,
  code,
  severity,
  confidence,
  part,
  origin,
}: Finding): Record<string, unknown> => ({
  detector,
  code,
  severity,
  confidence,
  part,
  origin,
});

/** What a person would count: UTF-16 units less the second halves of surrogate pairs. */
function countCodePoints(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xdc00 && unit <= 0xdfff) pairs += 1;
  }
  return text.length - pairs;
}
