// The head of a request: read one way or not at all, and what it asks for is an operation of the registry, byte for byte.
import { readHead, routeRequest } from '../../../src/gate/intercept/index.ts';
import { PosternError, type Provider, type Route, type Upstream } from '../../../src/exchange/index.ts';
import { OPERATIONS } from '../../../src/gate/decode/index.ts';
import { claim, type FuzzTarget } from '../target.ts';

const PROVIDERS = [...new Set(OPERATIONS.map(({ provider }) => provider))];
const UPSTREAMS: ReadonlyMap<string, Upstream> = new Map(
  PROVIDERS.map((provider) => [provider, upstreamOf(provider)]),
);

function upstreamOf(provider: Provider): Upstream {
  return { name: provider, provider, url: new URL('https://llm.example') };
}

/** A parameter of a path, filled with what most of them take. */
const filled = (path: string): string => path.replace(/\{(\w+)(?::\w+)?\}/g, (_whole, name: string) => name);

const seedOf = (provider: string, method: string, path: string): Buffer =>
  Buffer.from(
    `${method} /${provider}${filled(path)} 1.1\nHost\n127.0.0.1:7411\nContent-Type\napplication/json`,
  );

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch (error) {
    claim(error instanceof PosternError, `not refused but thrown: ${String(error)}`);
    return null;
  }
};

export const head: FuzzTarget = {
  name: 'head',
  seeds: OPERATIONS.map(({ provider, operation: { method, path } }) => seedOf(provider, method, path)),
  words: ['//', '/../', '%2e', '%2F', '?key=', '#', ':', ' 2.0', '\nhost\n', '\n:method\n', 'chunked', '\\'],
  run: (input) => {
    const [line = '', ...rawHeaders] = input.toString('latin1').split('\n');
    const [method = '', url = '', httpVersion = ''] = line.split(' ');
    const read = attempt(() => readHead({ method, url, httpVersion, rawHeaders }));
    if (read === null) return;
    claim(read.target === url && url.startsWith('/'), 'the target was repaired');
    for (const header of read.headers) checkPlain(header);
    const route = attempt(() => routeRequest(read, UPSTREAMS));
    if (route !== null) checkPath(route, url);
  },
};

const checkPlain = ([name, value]: readonly [string, string]): void =>
  claim(/^[\t -~]*$/.test(value) && name === name.toLowerCase(), 'a header is not plain');

function checkPath({ address, operation, upstream }: Route, url: string): void {
  const path = address?.path ?? operation.path;
  claim(url === `/${upstream.name}${path}`, 'another path would be asked for than was judged');
  claim(!/\/\/|\/\.\.?\/|%2e|[#\\]/i.test(path), 'a path that servers read in two ways');
}
