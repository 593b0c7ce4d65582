// A schema, a file's text and the environment in; settings that fit, or every problem at once, out. Reads no file.
import { load, loadAll, YAMLException } from 'js-yaml';
import type { z } from 'zod';
import { err, ok, type Result } from '../lib/result.ts';

export interface ConfigIssue {
  /** The file, or the environment variable's name. */
  readonly source: string;
  /** Dotted path of the field; empty for the whole document. */
  readonly field: string;
  readonly message: string;
}

export interface ConfigSources {
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Settings<T> {
  readonly parsed: T;
  /** What was written, without what is so by default. */
  readonly written: Readonly<Document>;
}

/** `POSTERN__LISTEN__HTTP` sets `listen.http`. Two underscores keep clear of the variables Kubernetes makes of Services. */
const ENV_PREFIX = 'POSTERN__';

export function readSettings<S extends z.ZodType>(
  schema: S,
  sources: ConfigSources,
): Result<Settings<z.output<S>>, readonly ConfigIssue[]> {
  const document = parseDocument(sources.file, sources.text);
  if (!document.ok) return document;
  const origins = applyEnvironment(document.value, sources.env);
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return ok({ parsed: parsed.data, written: document.value });
  return err(parsed.error.issues.flatMap(explainIssue).map((issue) => locate(issue, origins, sources.file)));
}

type Document = Record<string, unknown>;

function parseDocument(file: string, text: string): Result<Document, readonly ConfigIssue[]> {
  try {
    const [value, ...more] = loadAll(text);
    if (more.length === 0 && isPlainObject(value ?? {})) return ok((value ?? {}) as Document);
    return err([{ source: file, field: '', message: 'must be one mapping of settings' }]);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark ?? { line: 0, column: 0 };
    return err([{ source: `${file}:${line + 1}:${column + 1}`, field: '', message: error.reason }]);
  }
}

const isPlainObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes each variable into the document; returns which fields came from which variable. */
function applyEnvironment(document: Document, env: ConfigSources['env']): Map<string, string> {
  const origins = new Map<string, string>();
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith(ENV_PREFIX) || value === undefined) continue;
    const path = variable.slice(ENV_PREFIX.length).toLowerCase().split('__');
    setPath(document, path, parseScalar(value));
    origins.set(path.join('.'), variable);
  }
  return origins;
}

function setPath(document: Document, path: readonly string[], value: unknown): void {
  let at = document;
  for (const key of path.slice(0, -1)) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    const child: Document = isPlainObject(next) ? next : {};
    define(at, key, child);
    at = child;
  }
  define(at, path.at(-1) ?? '', value);
}

/** Never through a setter, so that a key such as `__proto__` stays a key, and is refused as unknown. */
const define = (target: Document, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};

function parseScalar(text: string): unknown {
  try {
    return load(text);
  } catch {
    return text; // not YAML, so it is the text itself; the schema says whether that will do
  }
}

type FieldIssue = Pick<ConfigIssue, 'field' | 'message'>;

function explainIssue(issue: z.core.$ZodIssue): FieldIssue[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      message: 'is not a known setting',
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ field, message: issue.issues[0]?.message ?? issue.message }];
  }
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{ field, message: `is missing (${issue.expected})` }];
  return [{ field, message: issue.message }];
}

/** A problem with a field, or with what a variable wrote below it, is the variable's. */
function locate(issue: FieldIssue, origins: ReadonlyMap<string, string>, file: string): ConfigIssue {
  const written = [...origins.keys()].find(
    (path) => path === issue.field || path.startsWith(`${issue.field}.`),
  );
  return { source: (written !== undefined && origins.get(written)) || file, ...issue };
}
