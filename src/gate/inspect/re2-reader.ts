// RE2 patterns in, a reader of views out. Linear whatever the pattern: the engine never backtracks.
import { RE2JS } from 're2js';
import type { View } from '../canonicalise/index.ts';
import type { TextContext } from './finding.ts';
import { isInScope } from './pattern.ts';
import type { Re2Pattern } from './pattern.ts';
import type { Take } from './take.ts';

interface Compiled {
  readonly pattern: Re2Pattern;
  readonly expression: RE2JS;
}

const findAll = ({ pattern, expression }: Compiled, text: string, take: Take): void => {
  const matcher = expression.matcher(text);
  while (matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    if (end === start || end - start > pattern.maxLength) continue;
    const seen = { detector: 'patterns', code: pattern.id, severity: pattern.severity, confidence: 1 };
    if (!take({ ...seen, start, end })) return;
  }
};

const reads = ({ pattern }: Compiled, view: View): boolean =>
  pattern.view === view.name || (pattern.view === 'raw' && view.name === 'stripped');

export interface Re2Reader {
  readonly read: (view: View, context: TextContext, take: Take) => void;
  /** How much of the end of a text some expression may still match with what follows. */
  readonly measureOpen: (context: TextContext) => number;
}

export const createRe2Reader = (patterns: readonly Re2Pattern[]): Re2Reader => {
  const compiled = patterns.map((pattern) => ({ pattern, expression: RE2JS.compile(pattern.re2) }));
  return {
    read: (view, context, take) => {
      for (const candidate of compiled) {
        // The test alone is many times faster than a search that reports places, and mostly says no.
        if (!reads(candidate, view) || !isInScope(candidate.pattern, context)) continue;
        if (candidate.expression.test(view.text)) findAll(candidate, view.text, take);
      }
    },
    measureOpen: (context) =>
      Math.max(
        0,
        ...patterns.filter((pattern) => isInScope(pattern, context)).map(({ maxLength }) => maxLength),
      ),
  };
};
