// Parts, findings and obligations in; the smallest set of byte edits that fulfils them out.
import type { Edit, Finding, Obligation, Part } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { encodeString } from '../decode/index.ts';
import { planRedactions } from './redactions.ts';
import { dropHighEntropy, normalise, redactSpans, stripControls, trim, truncate } from './rewrites/index.ts';

type Rewrite = Exclude<Extract<Obligation, { kind: 'rewrite' }>, { rewrite: 'pin_system' }>;

export interface Task {
  readonly parts: readonly Part[];
  readonly findings: readonly Finding[];
  readonly obligations: readonly Obligation[];
}

/** An error means that a part had to change which cannot be edited in place, e.g. the arguments of a tool call. */
export function planEdits({ parts, findings, obligations }: Task): Result<Edit[], 'not_editable'> {
  const redactions = planRedactions(findings, obligations);
  const rewrites = obligations.filter(
    (item): item is Rewrite => item.kind === 'rewrite' && item.rewrite !== 'pin_system',
  );
  if (redactions.size + rewrites.length === 0) return ok([]);
  const edits: Edit[] = [];
  for (const [index, part] of parts.entries()) {
    const text = rewriteText(redactSpans(part.text, redactions.get(index) ?? []), part, rewrites);
    if (text === part.text) continue;
    if (part.at === null) return err('not_editable');
    edits.push({ ...part.at, replacement: encodeString(text) });
  }
  return ok(edits);
}

/** Rewrites are for the prose of a turn; the arguments and results of tools are data that an edit would falsify. */
function rewriteText(text: string, part: Part, rewrites: readonly Rewrite[]): string {
  if (part.kind !== 'text' || part.turn < 0) return text;
  return rewrites.filter(({ origins }) => origins.includes(part.origin)).reduce(applyRewrite, text);
}

function applyRewrite(text: string, rewrite: Rewrite): string {
  switch (rewrite.rewrite) {
    case 'trim':
      return trim(text);
    case 'normalise':
      return normalise(text);
    case 'strip_controls':
      return stripControls(text);
    case 'drop_high_entropy':
      return dropHighEntropy(text);
    case 'truncate':
      return truncate(text, rewrite.limit);
  }
}
