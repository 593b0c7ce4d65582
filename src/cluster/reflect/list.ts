// A collection of the API server in; all its objects and the version to watch them from, out. It is read page by page.
import { err, ok } from '../../lib/result.ts';
import type { Client } from './client.ts';
import type { Answered } from './failure.ts';
import { isObject, type KubeObject } from './objects.ts';

export interface Collection {
  /** As `pathOf` writes it without a name. */
  readonly path: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface Listed<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

interface Page<T> extends Listed<T> {
  /** Empty on the last one. */
  readonly next: string;
}

const PAGE_OBJECTS = 250;

/** What is held of an object; its name, uid and version at least. */
export type Keep<T extends KubeObject> = (object: KubeObject) => T;

interface Reading<T extends KubeObject> {
  /** Else all of it. */
  readonly keep?: Keep<T>;
  readonly signal?: AbortSignal;
}

/** `expired` when the API server forgot the list before it was read to its end: it is to be read anew. */
export async function listObjects<T extends KubeObject>(
  client: Client,
  collection: Collection,
  { keep = keepWhole, signal }: Reading<T> = {},
): Promise<Answered<Listed<T>>> {
  const items: T[] = [];
  let next = '';
  let limit = PAGE_OBJECTS;
  for (;;) {
    const page = await readPage(client, collection, { limit, next, signal, keep });
    if (!page.ok && page.error.code === 'too_large' && limit > 1) {
      limit = Math.ceil(limit / 4); // large objects: fewer of them at a time
      continue;
    }
    if (!page.ok) return page;
    items.push(...page.value.items);
    next = page.value.next;
    if (next === '') return ok({ items, resourceVersion: page.value.resourceVersion });
  }
}

interface Ask<T extends KubeObject> {
  readonly limit: number;
  readonly next: string;
  readonly signal: AbortSignal | undefined;
  readonly keep: Keep<T>;
}

async function readPage<T extends KubeObject>(
  client: Client,
  { path, labelSelector, fieldSelector }: Collection,
  { limit, next, signal, keep }: Ask<T>,
): Promise<Answered<Page<T>>> {
  const answer = await client.ask({
    method: 'GET',
    path,
    query: { labelSelector, fieldSelector, limit, continue: next === '' ? undefined : next },
    ...(signal !== undefined && { signal }),
  });
  if (!answer.ok) return answer;
  const page = parsePage(answer.value, keep);
  return page === null ? err({ code: 'malformed', message: 'the answer is no list' }) : ok(page);
}

function parsePage<T extends KubeObject>(body: unknown, keep: Keep<T>): Page<T> | null {
  const { items, metadata } = body as {
    items?: unknown;
    metadata?: { resourceVersion?: unknown; continue?: unknown };
  };
  const version = metadata?.resourceVersion;
  if (!Array.isArray(items) || !items.every(isObject) || typeof version !== 'string') return null;
  const next = typeof metadata?.continue === 'string' ? metadata.continue : '';
  return { items: items.map((item) => keep(lighten(item))), resourceVersion: version, next };
}

/** As its caller vouches for. */
export const keepWhole: Keep<never> = (object) => object as never;

/** Who owns which field is half of many an object, and nothing here asks for it. */
export function lighten<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata as T['metadata'] & { managedFields?: unknown };
  return { ...object, metadata };
}
