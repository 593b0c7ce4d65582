// A collection and the version it was seen in, in; every change since, for a bounded time, and how the watch ended, out.
import type { Client } from './client.ts';
import { type ApiFailure, failureOf, failureOfConnection } from './failure.ts';
import type { Change } from './fold.ts';
import { readLines } from './lines.ts';
import { type Collection, type Keep, lighten } from './list.ts';
import { isObject, type KubeObject } from './objects.ts';

export type Heard<T> =
  | (Change<T> & { readonly resourceVersion: string })
  | { readonly kind: 'bookmark'; readonly resourceVersion: string };

interface Watch<T extends KubeObject> {
  readonly client: Client;
  readonly collection: Collection;
  readonly keep: Keep<T>;
  readonly resourceVersion: string;
  /** The server ends it then. */
  readonly seconds: number;
  /** We do, when nothing at all was heard for so long. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  readonly hear: (heard: Heard<T>) => void;
}

/** An object is 1.5 MiB at most in etcd, and somewhat more as JSON. */
const LINE_BYTES = 8 * 2 ** 20;

/** Null when the server ended it in good order, as it does in time. */
export async function watchObjects<T extends KubeObject>(watch: Watch<T>): Promise<ApiFailure | null> {
  const { client, collection, resourceVersion, seconds, idleMs, signal } = watch;
  const { path, labelSelector, fieldSelector } = collection;
  const answer = await client.follow({
    method: 'GET',
    path,
    query: {
      labelSelector,
      fieldSelector,
      resourceVersion,
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: seconds,
    },
    idleMs,
    signal,
  });
  return answer.ok ? hearAll(watch, answer.value) : answer.error;
}

async function hearAll<T extends KubeObject>(
  { hear, keep, signal }: Watch<T>,
  body: AsyncIterable<Buffer>,
): Promise<ApiFailure | null> {
  try {
    for await (const line of readLines(body, LINE_BYTES)) {
      const heard = parseLine(line, keep);
      if ('code' in heard) return heard;
      hear(heard);
    }
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RangeError) return { code: 'too_large', message: error.message };
    return failureOfConnection(error);
  }
}

const MALFORMED: ApiFailure = { code: 'malformed', message: 'a line of the watch is no event' };

function parseLine<T extends KubeObject>(line: string, keep: Keep<T>): Heard<T> | ApiFailure {
  let event: { type?: unknown; object?: unknown } | null;
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    return MALFORMED;
  }
  return readEvent(event?.type, event?.object, keep);
}

function readEvent<T extends KubeObject>(
  type: unknown,
  object: unknown,
  keep: Keep<T>,
): Heard<T> | ApiFailure {
  if (type === 'ERROR') return failureOf(Number((object as { code?: unknown } | null)?.code), object);
  const resourceVersion = versionOf(object);
  if (resourceVersion === null) return MALFORMED;
  if (type === 'BOOKMARK') return { kind: 'bookmark', resourceVersion };
  if (!isObject(object)) return MALFORMED;
  const change = { object: keep(lighten(object)), resourceVersion };
  if (type === 'DELETED') return { kind: 'gone', ...change };
  return type === 'ADDED' || type === 'MODIFIED' ? { kind: 'is', ...change } : MALFORMED;
}

function versionOf(object: unknown): string | null {
  const { metadata } = (object ?? {}) as { metadata?: { resourceVersion?: unknown } | null };
  const version = metadata?.resourceVersion;
  return typeof version === 'string' && version !== '' ? version : null;
}
