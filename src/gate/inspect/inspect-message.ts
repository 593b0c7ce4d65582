// The parts of a message in, findings out: of each part for itself, and of what several say together.
import type { Finding, Part } from '../../exchange/index.ts';
import type { TextSpan } from '../canonicalise/index.ts';
import { FINDING_LIMIT, overflowOf } from './collector.ts';
import type { TextContext, TextFinding } from './finding.ts';
import { hasJoints, joinParts } from './join-parts.ts';

export interface Reading {
  readonly text: string;
  readonly context: TextContext;
  readonly limit: number;
  /** Whether a place is of interest; absent: every one. */
  readonly accepts?: (span: TextSpan) => boolean;
}

export interface MessageReader {
  /** UTF-16 units within which a match is recognised. */
  readonly reach: number;
  readonly read: (reading: Reading) => readonly TextFinding[];
}

export const inspectMessage = (parts: readonly Part[], reader: MessageReader): readonly Finding[] => {
  const findings = inspectEach(parts, reader);
  if (findings.length > FINDING_LIMIT || !hasJoints(parts)) return findings;
  const seen = new Set(findings.map(keyOf));
  for (const finding of inspectJoined(parts, findings, reader)) {
    if (seen.has(keyOf(finding))) continue;
    if (findings.length === FINDING_LIMIT) return [...findings, { ...finding, ...overflowOf(finding) }];
    seen.add(keyOf(finding));
    findings.push(finding);
  }
  return findings;
};

const inspectEach = (parts: readonly Part[], { read }: MessageReader): Finding[] => {
  const findings: Finding[] = [];
  for (const [index, part] of parts.entries()) {
    const found = read({ text: part.text, context: part, limit: FINDING_LIMIT - findings.length });
    for (const finding of found) findings.push({ ...finding, part: index });
    if (findings.length > FINDING_LIMIT) break;
  }
  return findings;
};

/** A match is found in each part that it goes through, so that a mask takes all of it. */
function* inspectJoined(
  parts: readonly Part[],
  findings: readonly Finding[],
  { reach, read }: MessageReader,
): Iterable<Finding> {
  for (const joined of joinParts(parts, { reach, findings })) {
    const { text, context } = joined;
    const accepts = (span: TextSpan): boolean => joined.place(span).length > 0;
    for (const found of read({ text, context, limit: FINDING_LIMIT, accepts }))
      for (const place of joined.place(found)) yield { ...found, ...place };
  }
}

const keyOf = ({ code, part, start, end }: Finding): string => `${code} ${part} ${start} ${end}`;
