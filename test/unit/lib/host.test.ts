import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rangeOf } from '../../../src/lib/address-range.ts';
import { parseAddress, parseAuthority, parseHost } from '../../../src/lib/host.ts';
import { FORBIDDEN_ADDRESS, requireRanges, resolveHost } from '../../../src/lib/resolve.ts';

describe('the name of a host', () => {
  it.each([
    ['api.openai.com', 'api.openai.com'],
    ['API.OpenAI.com', 'api.openai.com'],
    ['api.openai.com.', 'api.openai.com'],
    ['my_service.default.svc', 'my_service.default.svc'],
    ['localhost', 'localhost'],
    ['192.0.2.7', '192.0.2.7'],
    ['[2001:DB8:0:0::1]', '2001:db8::1'],
    ['[::ffff:10.0.0.1]', '10.0.0.1'],
  ])('%s is compared as %s', (text, host) => expect(parseHost(text)).toBe(host));

  it.each([
    '',
    '.',
    '..',
    'api..openai.com',
    'api.openai.com..',
    'evil\0.openai.com',
    'api。openai。com',
    'ⓐpi.openai.com',
    'api.openai.com ',
    ' api.openai.com',
    'a@api.openai.com',
    'api.openai.com%00',
    'api%2eopenai.com',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '127.1',
    '010.0.0.1',
    '1.2.3.4.5',
    '256.1.1.1',
    '::1',
    '[::1',
    '[fe80::1%eth0]',
    '[127.0.0.1]',
    '-a.example',
    'a-.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}ab`,
    'xn--a\u0301.example',
    'a\n.example',
  ])('%j is none', (text) => expect(parseHost(text)).toBeNull());

  it('is what is dialled, once and for all: reading it again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.string(),
          fc.ipV6().map((text) => `[${text}]`),
        ),
        (text) => {
          const host = parseHost(text);
          if (host === null) return;
          expect(host).toMatch(/^[a-z0-9_.:-]+$/);
          expect(parseHost(host.includes(':') ? `[${host}]` : host)).toBe(host);
        },
      ),
    );
  });
});

describe('a host with a port', () => {
  it.each([
    ['a.example', 443, { host: 'a.example', port: 443 }],
    ['a.example:8443', 443, { host: 'a.example', port: 8443 }],
    ['[::1]:80', 443, { host: '::1', port: 80 }],
    ['a.example:0', 443, null],
    ['a.example:65536', 443, null],
    ['a.example:', 443, null],
    ['a.example:80:80', 443, null],
    ['a.example:+80', 443, null],
    ['u@a.example:80', 443, null],
    ['a.example', 0, null],
    ['::1:80', 443, null],
  ])('%s', (text, port, expected) => expect(parseAuthority(text, port)).toEqual(expected));
});

describe('an address', () => {
  it.each([
    ['8.8.8.8', 'world'],
    ['2606:4700::1', 'world'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'world'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['127.0.0.1', 'special'],
    ['127.255.0.1', 'special'],
    ['0.0.0.0', 'special'],
    ['169.254.169.254', 'special'],
    ['100.100.100.200', 'special'],
    ['168.63.129.16', 'special'],
    ['198.18.0.1', 'special'],
    ['224.0.0.1', 'special'],
    ['255.255.255.255', 'special'],
    ['::', 'special'],
    ['::1', 'special'],
    ['::ffff:127.0.0.1', 'special'],
    ['::ffff:8.8.8.8', 'world'],
    ['fe80::1', 'special'],
    ['fd00:ec2::254', 'special'],
    ['ff02::1', 'special'],
    ['2002:7f00:1::', 'special'],
    ['64:ff9b::7f00:1', 'special'],
    ['64:ff9b::a00:1', 'private'],
    ['64:ff9b::808:808', 'world'],
    ['64:ff9b::', 'special'],
  ])('%s is %s', (text, range) => {
    const address = parseAddress(text);
    expect(address === null ? null : rangeOf(address)).toBe(range);
  });
});

describe('what a host leads to', () => {
  const host = (text: string) => parseHost(text) ?? parseHost('localhost')!;

  it('is itself, for an address, and loopback for localhost, without anybody being asked', async () => {
    expect(await resolveHost(host('192.0.2.7'))).toEqual(['192.0.2.7']);
    expect(await resolveHost(host('localhost'))).toEqual(['127.0.0.1', '::1']);
  });

  it('is refused where one address of several may not be gone to', () => {
    const addresses = [host('8.8.8.8'), host('10.0.0.1')];
    expect(requireRanges(addresses, ['world', 'private'])).toBe(addresses);
    expect(() => requireRanges(addresses, ['world'])).toThrow(
      expect.objectContaining({ code: FORBIDDEN_ADDRESS }),
    );
  });
});
