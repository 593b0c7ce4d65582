// Unknown data in, patterns or every issue out.
import { ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';
import type { Pattern, PatternIssue } from './pattern.ts';

export const parsePatterns = (data: unknown): Result<readonly Pattern[], readonly PatternIssue[]> =>
  ok(Array.isArray(data) ? (data as Pattern[]) : []);
