// Unknown data in, patterns or every issue out. Nothing is guessed: an unknown key is an issue.
import type { Origin, PartKind, Severity } from '../../exchange/index.ts';
import { err, ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';
import { foldText } from '../canonicalise/index.ts';
import { AUTOMATON_LIMIT, countCells } from './automaton.ts';
import { compileExpression } from './expression.ts';
import { LONGEST_LITERAL } from './phrase-reader.ts';
import type { Pattern, PatternIssue } from './pattern.ts';
import { readWait } from './stream-wait.ts';

const KEYS = new Set([
  'id',
  'literal',
  're2',
  'max_length',
  'origins',
  'lanes',
  'kinds',
  'severity',
  'view',
  'stream',
]);
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
const VIEWS = ['raw', 'folded'] as const;
const ORIGINS = [
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
  'document',
  'unknown',
] as const satisfies readonly Origin[];
const KINDS = [
  'text',
  'reasoning',
  'refusal',
  'tool_call',
  'tool_result',
  'media',
] as const satisfies readonly PartKind[];
const ID = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/;
const LANE = /^[a-z_]+$/;

const MOST_PATTERNS = 2000;
const LONGEST_MATCH = 4096;

type Complain = (key: string, message: string) => undefined;
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= limit;

const oneOf = <T extends string>(allowed: readonly T[], value: unknown): value is T =>
  allowed.some((name) => name === value);

const readId = ({ id }: Fields, complain: Complain): string | undefined =>
  typeof id === 'string' && id.length <= 128 && ID.test(id)
    ? id
    : complain('id', 'must be dotted snake_case, e.g. "injection.ignore_previous"');

const readOne = <T extends string>(
  value: unknown,
  allowed: readonly T[],
  complain: () => undefined,
): T | undefined => (oneOf(allowed, value) ? value : complain());

const readList = <T extends string>(
  value: unknown,
  isItem: (item: unknown) => item is T,
  complain: () => undefined,
): readonly T[] | undefined =>
  Array.isArray(value) && value.length > 0 && value.every(isItem) ? value : complain();

const isLane = (value: unknown): value is string => typeof value === 'string' && LANE.test(value);

const readScope = (
  fields: Fields,
  complain: Complain,
): Partial<Pick<Pattern, 'origins' | 'lanes' | 'kinds'>> => {
  const { origins, lanes, kinds } = fields;
  const isOrigin = (item: unknown): item is Origin => oneOf(ORIGINS, item);
  const isKind = (item: unknown): item is PartKind => oneOf(KINDS, item);
  const listed = {
    origins:
      origins === undefined
        ? undefined
        : readList(origins, isOrigin, () => complain('origins', `must list some of ${ORIGINS.join(', ')}`)),
    lanes:
      lanes === undefined
        ? undefined
        : readList(lanes, isLane, () => complain('lanes', 'must list last segments of lanes, e.g. "text"')),
    kinds:
      kinds === undefined
        ? undefined
        : readList(kinds, isKind, () => complain('kinds', `must list some of ${KINDS.join(', ')}`)),
  };
  return Object.fromEntries(Object.entries(listed).filter(([, list]) => list !== undefined));
};

const readLiteral = (literal: unknown, view: 'raw' | 'folded', complain: Complain): string | undefined => {
  if (!isText(literal, LONGEST_LITERAL)) {
    return complain('literal', `must be a text of 1 to ${String(LONGEST_LITERAL)} characters`);
  }
  if (view === 'folded' && foldText(literal) === '') {
    return complain('literal', 'has no letter or digit; use "view": "raw"');
  }
  return literal;
};

const readExpression = (re2: unknown, complain: Complain): string | undefined => {
  const compiled = compileExpression(re2);
  return compiled.ok ? compiled.value.pattern() : complain('re2', compiled.error);
};

const readMaxLength = (value: unknown, complain: Complain): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LONGEST_MATCH
    ? value
    : complain('max_length', `must be a whole number from 1 to ${String(LONGEST_MATCH)}`);

const readBase = (
  fields: Fields,
  complain: Complain,
): Omit<Pattern, 'literal' | 're2' | 'maxLength'> | undefined => {
  const id = readId(fields, complain);
  const severity = readOne(fields['severity'] ?? 'high', SEVERITIES, () =>
    complain('severity', `must be one of ${SEVERITIES.join(', ')}`),
  );
  // A phrase is meant however it is spelled; an expression speaks of the characters themselves.
  const usual = 'literal' in fields ? 'folded' : 'raw';
  const view = readOne(fields['view'] ?? usual, VIEWS, () => complain('view', 'must be "raw" or "folded"'));
  const scope = readScope(fields, complain);
  const stream = readWait(fields['stream'], complain);
  return id === undefined || severity === undefined || view === undefined || stream === undefined
    ? undefined
    : { id, severity, view, ...scope, ...(stream.kind === 'bounded' ? {} : { stream }) };
};

const readLiteralPattern = (fields: Fields, complain: Complain): Pattern | undefined => {
  const base = readBase(fields, complain);
  if ('max_length' in fields) complain('max_length', 'belongs to "re2"; a literal has its own length');
  const literal = readLiteral(fields['literal'], base?.view ?? 'folded', complain);
  return base === undefined || literal === undefined ? undefined : { ...base, literal };
};

const readRe2Pattern = (fields: Fields, complain: Complain): Pattern | undefined => {
  const base = readBase(fields, complain);
  const re2 = readExpression(fields['re2'], complain);
  const maxLength = readMaxLength(fields['max_length'], complain);
  return base === undefined || re2 === undefined || maxLength === undefined
    ? undefined
    : { ...base, re2, maxLength };
};

const readPattern = (item: unknown, complain: Complain): Pattern | undefined => {
  if (!isFields(item)) return complain('', 'must be an object');
  for (const key of Object.keys(item)) if (!KEYS.has(key)) complain(key, 'is not a key of a pattern');
  if ('literal' in item === 're2' in item)
    return complain('', 'must have exactly one of "literal" and "re2"');
  return 'literal' in item ? readLiteralPattern(item, complain) : readRe2Pattern(item, complain);
};

const checkSize = (patterns: readonly Pattern[]): readonly PatternIssue[] => {
  const words = patterns.flatMap((pattern) => ('literal' in pattern ? [foldText(pattern.literal)] : []));
  return countCells(words) > AUTOMATON_LIMIT
    ? [{ path: '', message: 'the literals are too many for one automaton' }]
    : [];
};

export const parsePatterns = (data: unknown): Result<readonly Pattern[], readonly PatternIssue[]> => {
  if (!Array.isArray(data)) return err([{ path: '', message: 'must be a list of patterns' }]);
  if (data.length > MOST_PATTERNS)
    return err([{ path: '', message: `may list at most ${String(MOST_PATTERNS)} patterns` }]);
  const issues: PatternIssue[] = [];
  const patterns = data.flatMap((item: unknown, index) => {
    const complain: Complain = (key, message) => {
      issues.push({ path: `[${String(index)}]${key === '' ? '' : `.${key}`}`, message });
      return undefined;
    };
    return readPattern(item, complain) ?? [];
  });
  issues.push(...checkSize(patterns));
  return issues.length === 0 ? ok(patterns) : err(issues);
};
