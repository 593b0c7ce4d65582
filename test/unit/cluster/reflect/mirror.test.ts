import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type Client,
  type KubeObject,
  type Mirror,
  mirror,
  openClient,
} from '../../../../src/cluster/reflect/index.ts';
import { type FakeAnswer, FakeApi } from '../../../support/fake-api.ts';
import { until } from '../../../support/until.ts';

const TIMING = {
  watchMs: 1000,
  idleMs: 5000,
  relistMs: 60_000,
  backoff: { firstMs: 1, longestMs: 5 },
};

const noteOf = (name: string, resourceVersion: string): object => ({
  metadata: { namespace: 'n', name, uid: name, resourceVersion },
});
const listOf = (...items: object[]): FakeAnswer => ({
  body: JSON.stringify({ kind: 'List', metadata: { resourceVersion: '10' }, items }),
});
const lineOf = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const isWatch = (url: URL): boolean => url.searchParams.get('watch') === 'true';

describe('a mirror', () => {
  let api: FakeApi;
  let client: Client;
  let notes: Mirror<{ readonly metadata: { readonly name: string } }>;
  let codes: string[];

  const reflect = async (answers: (url: URL, count: number) => FakeAnswer): Promise<void> => {
    api = await FakeApi.start(answers);
    client = await openClient({ kubeconfig: api.kubeconfig });
    codes = [];
    notes = mirror({
      client,
      path: '/api/v1/configmaps',
      log: { info: () => undefined, warn: (_, { code }) => codes.push(code) },
      timing: TIMING,
    });
  };
  afterEach(async () => {
    notes.close();
    await client[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  const keys = (): string[] => [...notes.items.keys()].sort();
  const watches = (): URL[] => api.asked.filter(isWatch);

  it('asks for what it needs to stay awake: bookmarks, a bounded time, and where to go on from', async () => {
    const bookmark = lineOf('BOOKMARK', { metadata: { resourceVersion: '20' } });
    await reflect((url) => (isWatch(url) ? { body: bookmark } : listOf()));
    await until('several watches', () => watches().length > 2);
    const asked = watches().map(({ pathname, searchParams }) => [
      pathname,
      searchParams.get('resourceVersion'),
      searchParams.get('allowWatchBookmarks'),
      searchParams.get('timeoutSeconds'),
    ]);
    expect(asked.slice(0, 3)).toEqual(
      ['10', '20', '20'].map((version) => ['/behind/api/v1/configmaps', version, 'true', '1']),
    );
    expect(codes).toEqual([]);
  });

  it.each([
    ['is no JSON', '{"type": "ADD\n', 'malformed'],
    ['is no event', `${JSON.stringify({ type: 'NEWS', object: noteOf('x', '12') })}\n`, 'malformed'],
    ['names no version', lineOf('ADDED', { metadata: { name: 'x' } }), 'malformed'],
    ['is endless', 'x'.repeat(9 * 2 ** 20), 'too_large'],
    ['says that the version is too old', lineOf('ERROR', { code: 410, reason: 'Expired' }), 'expired'],
  ])('takes what came before a line that %s, and lists anew', async (...[, bad, code]) => {
    const event = lineOf('ADDED', noteOf('b', '11'));
    const answers = [listOf(noteOf('a', '1')), { body: event + bad }];
    await reflect((url, count) => {
      if (count <= answers.length) return answers[count - 1] ?? listOf();
      return isWatch(url)
        ? { body: '', isOpen: true }
        : listOf(noteOf('a', '1'), noteOf('b', '11'), noteOf('c', '9'));
    });
    const told: string[] = [];
    notes.subscribe((key) => told.push(key));
    await until('the list is read', () => keys().length === 3);
    expect([codes, told]).toEqual([[code], ['n/a', 'n/b', 'n/c']]);
  });

  it('goes on from what it heard last when the API server says that something failed', async () => {
    const failed = lineOf('ADDED', noteOf('b', '11')) + lineOf('ERROR', { code: 500 });
    const answers = [listOf(), { body: failed }];
    await reflect((_, count) => answers[count - 1] ?? { body: '', isOpen: true });
    await until('it asked again', () => api.asked.length >= 3);
    expect([codes, keys()]).toEqual([['unavailable'], ['n/b']]);
    expect(watches()[1]?.searchParams.get('resourceVersion')).toBe('11');
  });

  it('does not storm an API server whose watches end at once', async () => {
    await reflect((url) => (isWatch(url) ? { body: '' } : listOf()));
    await until('it asked a few times', () => watches().length > 4);
    expect(codes.length).toBeGreaterThanOrEqual(watches().length - 1);
  });

  it('waits as long as it is told to', async () => {
    const busy = { status: 429, headers: { 'retry-after': '1' }, body: '{"reason": "TooManyRequests"}' };
    const begun = performance.now();
    await reflect((url, count) =>
      count === 1 ? busy : isWatch(url) ? { body: '', isOpen: true } : listOf(),
    );
    await notes.synced;
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
    expect(codes).toEqual(['too_many_requests']);
  });

  it('begins a list again when the API server forgot its pages', async () => {
    const page = {
      body: JSON.stringify({
        metadata: { resourceVersion: '5', continue: 'more' },
        items: [noteOf('stale', '1')],
      }),
    };
    const expired = { status: 410, body: '{"reason": "Expired"}' };
    const answers = [page, expired, listOf(noteOf('a', '1'))];
    await reflect((url, count) => answers[count - 1] ?? { body: '', isOpen: isWatch(url) });
    await notes.synced;
    expect([keys(), codes]).toEqual([['n/a'], ['expired']]);
    expect(api.asked.map(({ searchParams }) => searchParams.get('continue')).slice(0, 3)).toEqual([
      null,
      'more',
      null,
    ]);
  });

  it('lists from time to time, though nothing seems to be amiss', async () => {
    const bookmark = lineOf('BOOKMARK', { metadata: { resourceVersion: '20' } });
    api = await FakeApi.start((url) => (isWatch(url) ? { body: bookmark } : listOf(noteOf('a', '1'))));
    client = await openClient({ kubeconfig: api.kubeconfig });
    notes = mirror({
      client,
      path: '/api/v1/configmaps',
      log: { info: () => undefined, warn: () => undefined },
      timing: { ...TIMING, relistMs: 50 },
    });
    await until('a third list', () => api.asked.filter((url) => !isWatch(url)).length >= 3);
  });

  it('holds of listed and of watched objects what it is told to, and no more', async () => {
    const large = (name: string): object => ({ ...noteOf(name, '11'), data: { x: 'x'.repeat(1000) } });
    api = await FakeApi.start((url) =>
      isWatch(url) ? { body: lineOf('ADDED', large('b')), isOpen: true } : listOf(large('a')),
    );
    client = await openClient({ kubeconfig: api.kubeconfig });
    const log = { info: () => undefined, warn: () => undefined };
    const keep = ({ metadata }: KubeObject): KubeObject => ({ metadata });
    notes = mirror({ client, path: '/api/v1/configmaps', log, timing: TIMING, keep });
    await until('both', () => keys().length === 2);
    expect([...notes.items.values()]).toEqual([noteOf('a', '11'), noteOf('b', '11')]);
  });

  it('sends its token, and keeps a failure’s words short', async () => {
    await reflect(() => ({ status: 403, body: JSON.stringify({ message: 'x'.repeat(5000) }) }));
    await until('it was refused', () => codes.length > 0);
    const answer = await client.ask({ method: 'GET', path: '/api' });
    expect(answer).toEqual({ ok: false, error: { code: 'forbidden', message: 'x'.repeat(500) } });
  });
});
