// The redaction that a verdict asks for in, unknown; the obligation out, or null when it cannot be met exactly.
import type { Obligation, Part, PartSpan } from '../../exchange/index.ts';

export type Texts = ReadonlyArray<Pick<Part, 'text'>>;

interface Asked {
  readonly code: string;
  readonly findings?: unknown;
  readonly parts?: unknown;
  readonly spans?: unknown;
}

/** By the codes of findings, everywhere or in some parts; or by spans of the texts. */
export function parseRedaction({ code, findings, parts, spans }: Asked, texts: Texts): Obligation | null {
  if (spans === undefined) return parseByCodes(findings, parts, texts);
  if (findings !== undefined || parts !== undefined || !Array.isArray(spans)) return null;
  return spans.every((span) => isSpan(span, texts)) ? { kind: 'redact_spans', code, spans } : null;
}

function parseByCodes(findings: unknown, parts: unknown, texts: Texts): Obligation | null {
  if (!isListOf(findings, (item) => typeof item === 'string')) return null;
  if (parts === undefined) return { kind: 'redact', codes: findings };
  // In no part, it would let pass what it names.
  const isNarrowed = isListOf(parts, (item) => isPart(item, texts)) && parts.length > 0;
  return isNarrowed ? { kind: 'redact', codes: findings, parts } : null;
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

const isPart = (value: unknown, texts: Texts): value is number => isOffset(value) && value < texts.length;

const isOffset = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

function isSpan(value: unknown, texts: Texts): value is PartSpan {
  const { part, start, end } = (value ?? {}) as Record<keyof PartSpan, unknown>;
  if (!isPart(part, texts) || !isOffset(start) || !isOffset(end)) return false;
  const text = texts[part]?.text ?? '';
  return start <= end && end <= text.length && !splitsPair(text, start) && !splitsPair(text, end);
}

/** Half a character would be left. */
const splitsPair = (text: string, at: number): boolean => (text.codePointAt(at - 1) ?? 0) > 0xffff;
