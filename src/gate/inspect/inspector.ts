// Patterns in, an inspector out: it reads parts and windows of streams, and says what it saw.
import type { Finding, Part } from '../../exchange/index.ts';
import { canonicalise } from '../canonicalise/index.ts';
import type { View } from '../canonicalise/index.ts';
import { Collector, FINDING_LIMIT } from './collector.ts';
import type { TextContext, TextFinding } from './finding.ts';
import { inspectMessage } from './inspect-message.ts';
import type { Reading } from './inspect-message.ts';
import { isInScope } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import type { DetectorWaits } from './parse-detectors.ts';
import { DETECTORS } from './registry.ts';
import { BOUNDED, strictestOf } from './stream-wait.ts';
import type { StreamWait } from './stream-wait.ts';
import { createViewReader } from './view-reader.ts';

export interface Inspector {
  /**
   * UTF-16 units within which every match is recognised. A match that is longer is found by its beginning, so a
   * finding that ends where the text ends may go on in what follows.
   */
  readonly reach: number;
  /** How such a text waits where it streams: as the strictest of all detectors that are concerned with it asks. */
  readonly waitFor: (context: TextContext) => StreamWait;
  readonly readWindow: (text: string, context: TextContext) => ReadWindow;
  readonly inspectParts: (parts: readonly Part[]) => readonly Finding[];
  readonly inspectText: (text: string, context: TextContext) => readonly TextFinding[];
}

/** What is in a text that is still arriving. */
export interface ReadWindow {
  readonly findings: readonly TextFinding[];
  /**
   * The offset from which it must be held back: what stands before it belongs to no match that is still to come. At
   * most `reach` before the end, and in prose the beginning of the last word.
   */
  readonly openEnd: number;
}

/** Every built-in detector reads every lane; a pattern those in its scope. */
const createWaits = (
  patterns: readonly Pattern[],
  detectors: DetectorWaits,
): ((context: TextContext) => StreamWait) => {
  const everywhere = DETECTORS.map(({ name }) => detectors.get(name) ?? BOUNDED);
  return (context) => {
    const concerned = patterns.filter((pattern) => isInScope(pattern, context));
    return strictestOf([...everywhere, ...concerned.map(({ stream = BOUNDED }) => stream)]);
  };
};

type Limits = Omit<Reading, 'text'>;

export const createInspector = (
  patterns: readonly Pattern[],
  detectors: DetectorWaits = new Map(),
): Inspector => {
  const reader = createViewReader(patterns);

  const readViews = (views: readonly View[], { context, limit, accepts }: Limits): readonly TextFinding[] => {
    const collector = new Collector(context.origin, limit);
    for (const view of views) {
      reader.read(view, context, (sighting) => {
        if (collector.isFull) return false;
        if (accepts?.(view.sourceSpan(sighting.start, sighting.end)) === false) return true;
        return collector.take(view, sighting);
      });
      if (collector.isFull) break;
    }
    return collector.findings;
  };

  const read = ({ text, ...limits }: Reading): readonly TextFinding[] =>
    text === '' ? [] : readViews(canonicalise(text), limits);

  return {
    reach: reader.reach,
    waitFor: createWaits(patterns, detectors),
    readWindow: (text, context) => {
      const views = canonicalise(text);
      return {
        findings: readViews(views, { context, limit: FINDING_LIMIT }),
        openEnd: reader.findOpenEnd(text, views, context),
      };
    },
    inspectText: (text, context) => read({ text, context, limit: FINDING_LIMIT }),
    inspectParts: (parts) => inspectMessage(parts, { reach: reader.reach, read }),
  };
};
