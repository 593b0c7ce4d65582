// A decision that refuses in, what the caller is told out.
import type { Decision } from '../exchange/index.ts';

/** The most severe verdict's message, which policies keep free of content. */
export const messageOf = (decision: Decision): string =>
  decision.verdicts[0]?.message ?? 'Refused by policy.';
