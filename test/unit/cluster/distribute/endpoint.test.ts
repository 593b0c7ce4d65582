import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import {
  Endpoint,
  Offers,
  type Acknowledgement,
  type Authenticate,
  type EndpointOptions,
} from '../../../../src/cluster/distribute/index.ts';
import { until } from '../../../support/until.ts';

const DIGESTS = { one: 'a'.repeat(64), two: 'b'.repeat(64) };
const anOffer = (name: keyof typeof DIGESTS) =>
  ({ digest: DIGESTS[name], bytes: Buffer.from(name), channel: 'newest', candidate: null }) as const;

/** Tokens are `<namespace>.<pod>`. */
const authenticate: Authenticate = async (token) => {
  asked.push(token);
  if (token === 'nobody-can-say') throw new Error('away');
  if (token === 'stranger') return { kind: 'refused', status: 401 };
  if (token === 'gone') return { kind: 'refused', status: 403 };
  const [namespace = '', pod = ''] = token.split('.');
  return { kind: 'pod', namespace, pod, podUid: `uid-${pod}` };
};

let asked: string[];
let heard: Acknowledgement[];
let nowMs: number;
let isReady: boolean;
let relay: EndpointOptions['relay'];
let offers: Offers;
let endpoint: Endpoint;
let server: Server;
let url: string;

beforeEach(async () => {
  [asked, heard, nowMs, isReady, offers, relay] = [[], [], 0, true, new Offers(), () => null];
  endpoint = new Endpoint({
    offers,
    authenticate,
    now: () => nowMs,
    isReady: () => isReady,
    acknowledge: (acknowledgement) => void heard.push(acknowledgement),
    relay: (spoken) => relay(spoken),
  });
  server = createServer((request, response) => {
    if (request.url === '/v1/candidate') endpoint.serveCandidate(request, response);
    else if (request.url === '/v1/bundle') endpoint.serveBundle(request, response);
    else endpoint.takeAcknowledgement(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  endpoint[Symbol.dispose]();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

interface Ask {
  readonly token?: string;
  readonly held?: string;
  readonly wait?: number;
  /** What is compared already. */
  readonly compared?: string;
  readonly path?: string;
}

function ask({ token = 'team.pod', held, wait, compared, path = 'bundle' }: Ask = {}): Promise<Response> {
  const headers = new Headers(token === '' ? {} : { authorization: `Bearer ${token}` });
  if (held !== undefined) headers.set('if-none-match', `"${held}"`);
  if (wait !== undefined) headers.set('prefer', `wait=${wait}`);
  if (compared !== undefined) headers.set('postern-candidate', compared);
  return fetch(`${url}/v1/${path}`, { headers });
}

const waiting = (count: number) => until(`${count} wait`, () => endpoint.waiting === count);

describe('GET /v1/bundle', () => {
  it('gives the bundle of the namespace whose pod asks, under its digest', async () => {
    offers.put('team', anOffer('one'));
    offers.put('other', anOffer('two'));
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(`"${DIGESTS.one}"`);
    expect(response.headers.get('postern-channel')).toBe('newest');
    expect(await response.text()).toBe('one');
    expect(await (await ask({ token: 'other.pod' })).text()).toBe('two');
  });

  it('says that nothing is new to who has it, and gives it to who has another', async () => {
    offers.put('team', anOffer('one'));
    expect((await ask({ held: DIGESTS.one })).status).toBe(304);
    expect((await ask({ held: DIGESTS.two, wait: 50 })).status).toBe(200);
  });

  it('says so after the wait that was asked for', async () => {
    offers.put('team', anOffer('one'));
    expect((await ask({ held: DIGESTS.one, wait: 1 })).status).toBe(304);
    expect(endpoint.waiting).toBe(0);
  });

  it('wakes all twenty that wait when their namespace changes, and no other', async () => {
    for (const namespace of ['team', 'other']) offers.put(namespace, anOffer('one'));
    const wake = Array.from({ length: 20 }, (_, n) =>
      ask({ token: `team.p${n}`, held: DIGESTS.one, wait: 50 }),
    );
    const sleeper = ask({ token: 'other.pod', held: DIGESTS.one, wait: 50 });
    await waiting(21);
    offers.put('team', anOffer('one'));
    expect(endpoint.waiting).toBe(21);
    offers.put('team', anOffer('two'));
    const texts = await Promise.all(wake.map(async (each) => (await each).text()));
    expect(new Set(texts)).toEqual(new Set(['two']));
    expect(endpoint.waiting).toBe(1);
    endpoint[Symbol.dispose]();
    expect((await sleeper).status).toBe(304);
    expect((await ask({ held: DIGESTS.two, wait: 50 })).status).toBe(503);
  });

  it('forgets who went away while it waited', async () => {
    offers.put('team', anOffer('one'));
    const sockets = Array.from({ length: 5 }, (_, n) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        `GET /v1/bundle HTTP/1.1\r\nhost: x\r\nauthorization: Bearer team.p${n}\r\n` +
          `if-none-match: "${DIGESTS.one}"\r\nprefer: wait=50\r\n\r\n`,
      );
      return socket;
    });
    await waiting(5);
    for (const socket of sockets.slice(0, 3)) socket.resetAndDestroy();
    await waiting(2);
    for (const socket of sockets) socket.destroy();
    await waiting(0);
    expect(endpoint.waiting).toBe(0);
  });

  it('lets a pod wait once: what it asked before is over', async () => {
    offers.put('team', anOffer('one'));
    const first = ask({ held: DIGESTS.one, wait: 50 });
    await waiting(1);
    const second = ask({ held: DIGESTS.one, wait: 50 });
    expect((await first).status).toBe(304);
    offers.put('team', anOffer('two'));
    expect((await second).status).toBe(200);
  });

  it('knows a namespace without policies from one whose policies are not compiled yet', async () => {
    expect((await ask()).status).toBe(404);
    isReady = false;
    expect((await ask()).status).toBe(503);
    offers.put('team', null);
    isReady = true;
    const response = await ask();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('wakes who waits for the first bundle, and who loses his', async () => {
    const first = ask({ wait: 50 });
    await waiting(1);
    offers.put('team', anOffer('one'));
    expect((await first).status).toBe(200);
    const last = ask({ held: DIGESTS.one, wait: 50 });
    await waiting(1);
    offers.forget('team');
    expect((await last).status).toBe(404);
  });

  it('speaks to nobody whom it does not know', async () => {
    offers.put('team', anOffer('one'));
    const statuses = async (...tokens: string[]) =>
      Promise.all(tokens.map(async (token) => (await ask({ token })).status));
    expect(await statuses('', 'stranger', 'gone', 'nobody-can-say', 'not a token')).toEqual([
      401, 401, 403, 503, 401,
    ]);
  });

  it('asks who a token is of once a minute, and again at once when nobody could say', async () => {
    offers.put('team', anOffer('one'));
    await Promise.all([ask(), ask()]);
    await ask();
    expect(asked).toEqual(['team.pod']);
    nowMs = 60_001;
    await ask();
    expect(asked).toHaveLength(2);
    for (const token of ['nobody-can-say', 'nobody-can-say']) await ask({ token });
    expect(asked).toHaveLength(4);
  });
});

describe('GET /v1/candidate', () => {
  const two = { digest: DIGESTS.two, bytes: Buffer.from('two') };
  const offered = (percent: number, built: typeof two | null = two) =>
    offers.put('team', { ...anOffer('one'), candidate: { built, percent } });

  it('gives what is to be compared, and who waits for a bundle is told that there is something', async () => {
    offers.put('team', anOffer('one'));
    expect((await ask({ path: 'candidate' })).status).toBe(404);
    const waiter = ask({ held: DIGESTS.one, compared: 'none', wait: 50 });
    const older = ask({ token: 'team.older', held: DIGESTS.one, wait: 50 });
    await waiting(2);
    offered(0);
    const told = await waiter;
    expect([told.status, told.headers.get('postern-candidate')]).toEqual([304, DIGESTS.two]);
    expect(await (await ask({ path: 'candidate' })).text()).toBe('two');
    expect((await ask({ held: DIGESTS.one, compared: DIGESTS.two, wait: 1 })).status).toBe(304);
    expect((await older).status).toBe(304);
  });

  it('and the bundle change places where the pod obeys the candidate', async () => {
    offered(100);
    const bundle = await ask();
    expect([bundle.headers.get('postern-channel'), await bundle.text()]).toEqual(['candidate', 'two']);
    expect(bundle.headers.get('postern-candidate')).toBe(DIGESTS.one);
    expect(await (await ask({ path: 'candidate' })).text()).toBe('one');
  });

  it('lets a pod that is to obey it wait until it is compiled, and no other', async () => {
    offered(100, null);
    expect((await ask()).status).toBe(503);
    offered(0, null);
    expect([(await ask()).status, (await ask({ path: 'candidate' })).status]).toEqual([200, 404]);
  });
});

describe('POST /v1/acknowledgements', () => {
  const GOOD = {
    digest: DIGESTS.one,
    state: 'ok',
    loadedAt: '2026-01-01T00:00:00.000Z',
    version: '0.1.0',
  } as const;
  const post = async (body: unknown, token = 'team.pod'): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await fetch(`${url}/v1/acknowledgements`, { method: 'POST', headers, body: text })).status;
  };

  it('takes the word of a pod for itself alone', async () => {
    expect(await post(GOOD)).toBe(204);
    expect(heard).toEqual([
      {
        ...GOOD,
        candidate: null,
        issues: [],
        namespace: 'team',
        pod: 'pod',
        podUid: 'uid-pod',
        atMs: expect.any(Number),
      },
    ]);
    expect(await post(GOOD, 'stranger')).toBe(401);
    expect(heard).toHaveLength(1);
  });

  it('leaves out what a newer sidecar says beside', async () => {
    expect(await post({ ...GOOD, pod: 'another', podUid: 'uid-another', news: [1] })).toBe(204);
    expect(heard).toEqual([expect.objectContaining({ ...GOOD, pod: 'pod', podUid: 'uid-pod' })]);
    expect(heard[0]).not.toHaveProperty('news');
  });

  it('gives what was said, as it was said, to the replica that keeps the book', async () => {
    const relayed: unknown[] = [];
    relay = (spoken) => Promise.resolve(relayed.push(spoken) === 1 ? 204 : 503);
    expect([await post(GOOD), await post(GOOD)]).toEqual([204, 503]);
    expect(relayed[0]).toEqual({ token: 'team.pod', text: JSON.stringify(GOOD), isRelayed: false });
    expect(heard).toHaveLength(2);
  });

  it.each([
    ['not JSON'],
    [{ ...GOOD, digest: 'short' }],
    [{ ...GOOD, digest: null }],
    [{ ...GOOD, state: 'empty' }],
    [{ ...GOOD, state: 'fine' }],
    [{ ...GOOD, loadedAt: 'today' }],
    [{ ...GOOD, issues: [{ file: 'x', row: -1, column: 0, message: '' }] }],
    [{ ...GOOD, issues: Array.from({ length: 101 }, () => ({ file: '', row: 0, column: 0, message: '' })) }],
    [null],
  ])('refuses what is not one: %j', async (body) => {
    expect(await post(body)).toBe(400);
    expect(heard).toEqual([]);
  });

  it('takes what a pod says that has nothing, and of what it could not load', async () => {
    const issues = [{ file: 'team/a/x.rego', row: 1, column: 2, message: 'no' }];
    expect(await post({ digest: null, state: 'empty', loadedAt: null, version: '1', issues })).toBe(204);
    expect(await post({ ...GOOD, state: 'degraded', issues })).toBe(204);
  });

  it('reads no more than 64 KiB', async () => {
    expect(await post({ ...GOOD, version: 'x'.repeat(70_000) })).toBe(413);
  });
});
