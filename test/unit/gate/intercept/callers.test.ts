import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConfiguredUpstream } from '../../../../src/config/index.ts';
import { PosternError } from '../../../../src/exchange/index.ts';
import { openCallers } from '../../../../src/gate/intercept/index.ts';
import { aFacts } from '../../../support/facts.ts';

const SALT = 'a-salt';
const hashed = (key: string, salt = SALT): string => createHmac('sha256', salt).update(key).digest('hex');

let folder: string;
let saltFile: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-callers-'));
  saltFile = join(folder, 'salt');
  writeFileSync(saltFile, `${SALT}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const { route: ROUTE } = aFacts();

type Change = Partial<Pick<ConfiguredUpstream, 'accounts' | 'credential'>>;
const NOBODY = { saltFile: null, allow: null, organizations: null, projects: null };

const openFor = (change: Change = {}) =>
  openCallers([
    {
      ...ROUTE.upstream,
      caFile: null,
      allowPrivateAddresses: false,
      sign: null,
      credential: null,
      accounts: null,
      ...change,
    },
  ]);

/** The id of the credential, or the code of the refusal. */
function admit(
  callers: ReturnType<typeof openFor>,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  try {
    return callers.admit(ROUTE, new Map(Object.entries(headers))).credentialId;
  } catch (error) {
    if (error instanceof PosternError) return error.code;
    throw error;
  }
}

const FOREIGN = 'POSTERN_E_FOREIGN_CREDENTIAL';
const ID = /^[0-9a-f]{16}$/;
const SIGNED = (key: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`;

describe('the id of a credential', () => {
  it('is the same for the same key in any header, another for another key, and none for none', () => {
    const callers = openFor();
    const id = admit(callers, { authorization: 'Bearer k' });
    expect(id).toMatch(ID);
    for (const headers of [
      { authorization: 'bearer  k' },
      { 'api-key': 'k' },
      { 'x-api-key': 'k' },
      { 'x-goog-api-key': 'k' },
    ])
      expect([headers, admit(callers, headers)]).toEqual([headers, id]);
    expect(admit(callers, { authorization: 'Bearer l' })).not.toBe(id);
    expect(admit(callers, {})).toBeUndefined();
  });

  it('is that of the key that signed, whatever was signed', () => {
    const callers = openFor();
    const id = admit(callers, { authorization: SIGNED('AKIDONE', '00') });
    expect(id).toMatch(ID);
    expect(admit(callers, { authorization: SIGNED('AKIDONE', 'ff') })).toBe(id);
    expect(admit(callers, { authorization: SIGNED('AKIDTWO', '00') })).not.toBe(id);
    // Two readers might take two of them: no key is named, but all of it.
    expect(admit(callers, { authorization: SIGNED('AKIDONE', '00, Credential=AKIDTWO/x') })).not.toBe(id);
  });

  it('is told by no hash that can be made elsewhere, unless there is a salt to make it with', () => {
    const key = { authorization: 'Bearer k' };
    const [one, other] = [openFor(), openFor()].map((callers) => admit(callers, key));
    expect(one).not.toBe(other);
    expect([hashed('k', ''), hashed('k')].map((hash) => hash.slice(0, 16))).not.toContain(one);
    expect(admit(openFor({ accounts: { ...NOBODY, saltFile, projects: ['p'] } }), key)).toBe(
      hashed('k').slice(0, 16),
    );
  });
});

describe('a credential', () => {
  const callersOf = (...keys: string[]) =>
    openFor({ accounts: { ...NOBODY, saltFile, allow: keys.map((key) => hashed(key)) } });

  it.each([
    { authorization: 'Bearer team-one' },
    { authorization: 'bearer team-two' },
    { 'x-api-key': 'team-two' },
    { authorization: SIGNED('AKIDTEAM', '00') },
  ])('passes where it is listed: %j', (headers) => {
    expect(admit(callersOf('team-one', 'team-two', 'AKIDTEAM'), headers)).toMatch(ID);
  });

  it.each([
    {},
    { authorization: 'Bearer of-my-own' },
    { authorization: 'Bearer team-on' },
    { authorization: 'Bearer team-one ' },
    { authorization: 'Bearer team-one, Bearer of-my-own' },
    { authorization: 'Basic team-one' },
    { authorization: 'Bearer' },
    { authorization: '' },
    { 'api-key': 'of-my-own' },
    { authorization: SIGNED('AKIDMINE', '00') },
    { authorization: `${SIGNED('AKIDTEAM', '00')}, Credential=AKIDMINE/x` },
    { authorization: `Bearer ${hashed('team-one')}` },
  ])('is refused where it is not: %j', (headers) => {
    expect(admit(callersOf('team-one', 'AKIDTEAM'), headers)).toBe(FOREIGN);
  });

  it('may be listed without a salt', () => {
    const callers = openFor({ accounts: { ...NOBODY, allow: [hashed('team-one', '')] } });
    expect(admit(callers, { authorization: 'Bearer team-one' })).toMatch(ID);
    expect(admit(callers, { authorization: 'Bearer team-two' })).toBe(FOREIGN);
  });

  it('is to be the placeholder, where there is one', () => {
    const callers = openFor({ credential: { file: 'f', header: null, placeholder: 'in-its-place' } });
    expect(admit(callers, { authorization: 'Bearer in-its-place' })).toMatch(ID);
    for (const headers of [{}, { authorization: 'Bearer of-my-own' }, { 'x-api-key': 'in-its-plac' }])
      expect(admit(callers, headers)).toBe(FOREIGN);
  });
});

describe('an account', () => {
  const callers = openFor({
    accounts: { ...NOBODY, organizations: ['org-1', 'org-2'], projects: ['proj-1'] },
  });

  it.each([
    {},
    { 'openai-organization': 'org-2' },
    { 'openai-organization': 'org-1', 'openai-project': 'proj-1', 'x-goog-user-project': 'proj-1' },
  ])('passes where it is listed, or not named: %j', (headers) => {
    expect(admit(callers, { authorization: 'Bearer k', ...headers })).toMatch(ID);
  });

  it.each([
    { 'openai-organization': 'org-3' },
    { 'openai-organization': '' },
    { 'openai-organization': 'org-1, org-3' },
    { 'openai-organization': 'proj-1' },
    { 'openai-project': 'proj-2' },
    { 'x-goog-user-project': 'proj-2' },
    { 'openai-organization': 'org-1', 'openai-project': 'proj-2' },
  ])('is refused where it is not: %j', (headers) => {
    expect(admit(callers, { authorization: 'Bearer k', ...headers })).toBe(FOREIGN);
  });
});

describe('a salt', () => {
  it('that cannot be read, or is none, lets nothing begin', () => {
    const openWith = (file: string) => () =>
      openFor({ accounts: { ...NOBODY, saltFile: file, projects: ['p'] } });
    const blank = join(folder, 'blank');
    writeFileSync(blank, 'a salt');
    expect(openWith(blank)).toThrow('is to hold one salt');
    expect(openWith(join(folder, 'none'))).toThrow('ENOENT');
  });
});
