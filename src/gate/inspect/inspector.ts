// Patterns in, an inspector out: it reads parts and windows of streams, and says what it saw.
import type { Finding, Part } from '../../exchange/index.ts';
import type { TextContext, TextFinding } from './finding.ts';
import type { Pattern } from './pattern.ts';

export interface Inspector {
  /**
   * UTF-16 units within which every match is recognised: what a stream holds back. A match that is longer is
   * found by its beginning, so a finding that ends where the text ends may go on in what follows.
   */
  readonly reach: number;
  readonly inspectParts: (parts: readonly Part[]) => readonly Finding[];
  readonly inspectText: (text: string, context: TextContext) => readonly TextFinding[];
}

export const createInspector = (_patterns: readonly Pattern[]): Inspector => ({
  reach: 512,
  inspectParts: () => [],
  inspectText: () => [],
});
