// Data files in, the one data document out. Data wins over the built-in set's, key by key; patterns add up.
import { parseDetectors, parsePatterns } from '../../gate/inspect/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import type { DataFile } from './data-file.ts';
import { isJsonObject, parseDocument, type Json, type JsonObject } from './document.ts';
import { isModeFile } from './mode-files.ts';

/** Concatenated, so that a team extends the built-in patterns. */
const ADDED_UP = 'patterns';
const DETECTORS = 'detectors';
/** Where policies themselves live. */
const RESERVED = 'postern';

interface Merging {
  readonly issues: PolicyIssue[];
  readonly file: string;
  /** Whether the value of a place may be replaced, and what to say when it may not. */
  readonly rights: Rights;
  /** Where in the document, dotted; empty for its root. */
  readonly at: string;
}

interface Rights {
  replaces(this: void, at: string): boolean;
  readonly code: string;
  readonly complaint: string;
}

const ONCE: Rights = {
  replaces: () => false,
  code: 'data.conflict',
  complaint: 'is given in more than one file',
};
const ALL: Rights = { ...ONCE, replaces: () => true };
/** Where a platform says which of its settings, dotted, a team may replace. */
const OPENED = 'open_to_teams';

/**
 * `own` may replace what is built in. Below a platform it may only add, save for the settings that the platform's
 * `open_to_teams` lists.
 */
export function buildData(
  builtin: readonly DataFile[],
  own: readonly DataFile[],
  platform: readonly DataFile[] | null = null,
): Result<JsonObject, readonly PolicyIssue[]> {
  const issues: PolicyIssue[] = [];
  const floors = [builtin, platform ?? [], own].map((files) => joinFiles(files.filter(isData), issues));
  const opened = floors[1]?.document[OPENED];
  const rights = [ALL, ALL, platform === null ? ALL : rightsOf(opened)];
  let data: JsonObject = {};
  for (const [index, { documents }] of floors.entries()) {
    for (const { file, document } of documents)
      data = merge(data, document, { issues, file, rights: rights[index] ?? ONCE, at: '' });
  }
  return issues.length === 0 ? ok(data) : err(issues);
}

const isData = (file: DataFile): boolean => !isModeFile(file);

function rightsOf(opened: Json | undefined): Rights {
  const places = new Set(Array.isArray(opened) ? (opened as readonly Json[]) : []);
  return {
    replaces: (at) => places.has(at),
    code: 'data.locked',
    complaint: `is the platform's to say, and not listed in its ${OPENED}`,
  };
}

interface Placed {
  readonly file: string;
  readonly document: JsonObject;
}

/** Files of one side may not contradict each other. */
function joinFiles(
  files: readonly DataFile[],
  issues: PolicyIssue[],
): { document: JsonObject; documents: readonly Placed[] } {
  const documents: Placed[] = [];
  let document: JsonObject = {};
  for (const source of files) {
    const { file } = source;
    const placed = placeFile(source);
    if (!placed.ok) {
      issues.push(placed.error);
      continue;
    }
    issues.push(...findBadPatterns(placed.value, file), ...findBadDetectors(placed.value, file));
    documents.push({ file, document: placed.value });
    document = merge(document, placed.value, { issues, file, rights: ONCE, at: '' });
  }
  return { document, documents };
}

/** Here, where it is known which file they are of; whether ids are unique shows when all are together. */
function findBadPatterns(document: JsonObject, file: string): PolicyIssue[] {
  const patterns = document[ADDED_UP];
  if (!Array.isArray(patterns)) return [];
  const parsed = parsePatterns(patterns);
  if (parsed.ok) return [];
  return parsed.error.map(({ path, message }) =>
    wholeIssue('data.pattern', `${ADDED_UP}${path} ${message}`, file),
  );
}

/** Here too; what is not a mapping in one file is so in none. */
function findBadDetectors(document: JsonObject, file: string): PolicyIssue[] {
  const detectors = document[DETECTORS];
  const parsed = detectors === undefined ? ok(null) : parseDetectors(detectors);
  if (parsed.ok) return [];
  return parsed.error.map(({ path, message }) =>
    wholeIssue('data.detector', `${DETECTORS}${path} ${message}`, file),
  );
}

/** `data.*` is the root of the document; any other `<name>.*` lies at `data.<name>`. */
function placeFile({ name, file, text }: DataFile): Result<JsonObject, PolicyIssue> {
  if (name.includes('/'))
    return err(
      wholeIssue('data.folder', 'Data lies at the top of the directory; folders hold Rego only.', file),
    );
  const parsed = parseDocument(file, text);
  if (!parsed.ok) return parsed;
  const key = name.replace(/\.[a-z]+$/, '');
  const document: Json = key === 'data' ? parsed.value : { [key]: parsed.value };
  if (!isJsonObject(document)) return err(wholeIssue('data.not_an_object', 'It is not a mapping.', file));
  if (Object.hasOwn(document, RESERVED))
    return err(wholeIssue('data.reserved', `data.${RESERVED} is where policies live.`, file));
  return ok(document);
}

function merge(base: JsonObject, over: JsonObject, merging: Merging): JsonObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const at = merging.at === '' ? key : `${merging.at}.${key}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? value : mergeValue(before, value, { ...merging, at }));
  }
  return Object.fromEntries(merged);
}

function mergeValue(before: Json, value: Json, merging: Merging): Json {
  const { at, issues, file, rights } = merging;
  const [kind, other] = [kindOf(before), kindOf(value)];
  if (kind !== other) {
    issues.push(wholeIssue('data.conflict', `data.${at} is ${other} here and ${kind} elsewhere.`, file));
  } else if (isJsonObject(before) && isJsonObject(value)) {
    return merge(before, value, merging);
  } else if (at === ADDED_UP && Array.isArray(before) && Array.isArray(value)) {
    return [...(before as readonly Json[]), ...(value as readonly Json[])];
  } else if (!rights.replaces(at)) {
    issues.push(wholeIssue(rights.code, `data.${at} ${rights.complaint}.`, file));
  }
  return value;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
