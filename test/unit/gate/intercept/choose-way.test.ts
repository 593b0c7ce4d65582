import { describe, expect, it } from '@jest/globals';
import type { Authority } from '../../../../src/exchange/index.ts';
import { chooseWay, type WayRules } from '../../../../src/gate/intercept/choose-way.ts';
import { createHostTable } from '../../../../src/gate/intercept/index.ts';
import { readPlainHost } from '../../../../src/gate/intercept/plain-host.ts';

const LLM = 'api.openai.com';
const WEB = 'www.example.com';
const table = createHostTable([
  {
    name: 'openai',
    provider: 'openai',
    url: new URL('https://gateway.corp/openai'),
    hosts: [{ host: LLM, port: 443 }],
  },
]);
const LAX: WayRules = { table, isStrict: false, ports: new Set([443, 80]) };
const STRICT: WayRules = { ...LAX, isStrict: true };

const at = (host: string, port = 443): Authority => ({ host, port });

interface Row {
  readonly tunnel?: Authority;
  readonly destination?: Authority;
  readonly name?: string;
}

const way = ({ tunnel, destination, name }: Row, rules = LAX): string => {
  const claims = {
    tunnel: tunnel ?? null,
    destination: destination ?? null,
    name: name ?? null,
    defaultPort: 443,
  };
  const found = chooseWay(claims, rules);
  if (found.kind === 'refuse') return found.why;
  return `${found.kind} ${found.to.host}:${String(found.to.port)}`;
};

const ADDRESS = at('8.8.8.8');

describe('a connection', () => {
  it.each<[string, Row, string, string]>([
    ['by CONNECT', { tunnel: at(LLM) }, `judge ${LLM}:443`, `judge ${LLM}:443`],
    [
      'by CONNECT that TLS agrees with',
      { tunnel: at(LLM), name: LLM },
      `judge ${LLM}:443`,
      `judge ${LLM}:443`,
    ],
    ['by TLS', { name: LLM }, `judge ${LLM}:443`, `judge ${LLM}:443`],
    ['by TLS, to any address', { name: LLM, destination: ADDRESS }, `judge ${LLM}:443`, `judge ${LLM}:443`],
    ['to the upstream itself', { name: 'gateway.corp' }, 'judge gateway.corp:443', 'judge gateway.corp:443'],
    ['under another name than CONNECT has', { tunnel: at(WEB), name: LLM }, 'mismatch', 'mismatch'],
    ['under no policy, behind CONNECT to us', { tunnel: at(LLM), name: WEB }, 'mismatch', 'mismatch'],
    ['to another port', { tunnel: at(LLM, 8443) }, 'port', 'port'],
    ['to another port, redirected', { name: LLM, destination: at('8.8.8.8', 80) }, 'port', 'port'],
    ['to another host', { name: WEB, destination: ADDRESS }, `pass ${WEB}:443`, 'not_under_policy'],
    ['to another host by CONNECT', { tunnel: at(WEB) }, `pass ${WEB}:443`, 'not_under_policy'],
    ['to an odd port by CONNECT', { tunnel: at(WEB, 22) }, 'port', 'not_under_policy'],
    [
      'to an odd port, redirected',
      { name: WEB, destination: at('8.8.8.8', 8443) },
      `pass ${WEB}:8443`,
      'not_under_policy',
    ],
    ['without a name', { destination: ADDRESS }, 'pass 8.8.8.8:443', 'not_under_policy'],
    ['without a name, by the hosts file', {}, 'no_name', 'no_name'],
  ])('%s', (_, row, lax, strict) => expect([way(row), way(row, STRICT)]).toEqual([lax, strict]));
});

describe('the host of plain HTTP', () => {
  const read = (...lines: string[]) =>
    readPlainHost(Buffer.from(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`));

  it('is read where there is one', () => {
    expect(read('Accept: */*', 'hOsT: A.example:80')).toEqual({ kind: 'host', host: 'a.example' });
    expect(readPlainHost(Buffer.from('GET / HTTP/1.1\r\nHost: a.exam'))).toBeNull();
  });

  it.each([
    [[]],
    [['Host: a', 'Host: b']],
    [['Host: a', 'host : b']],
    [['Host: a b']],
    [['Host:']],
    [['Host: a,b']],
  ])('is unreadable in %j', (lines) => expect(read(...lines)).toEqual({ kind: 'unreadable' }));

  it('is not waited for without end', () => {
    expect(readPlainHost(Buffer.alloc(70_000, 'a'))).toEqual({ kind: 'unreadable' });
    expect(readPlainHost(Buffer.from('GET / HTTP/1.1\nHost: a\n\n'))).toEqual({ kind: 'unreadable' });
  });
});
