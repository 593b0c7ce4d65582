import { describe, expect, it } from '@jest/globals';
import { createInspector } from '../../../../src/gate/inspect/index.ts';
import type { TextFinding } from '../../../../src/gate/inspect/index.ts';
import { MADE_UP } from '../../../support/made-up-secrets.ts';

const inspector = createInspector([]);
const inspect = (text: string): readonly TextFinding[] =>
  inspector.inspectText(text, { origin: 'user', lane: '0.0.text', kind: 'text' });
const secretsIn = (text: string): readonly TextFinding[] =>
  inspect(text).filter(({ detector }) => detector === 'secrets');

const TYPES = Object.entries(MADE_UP).map(([type, [before, secret]]) => ({ type, before, secret }));

describe('secrets', () => {
  it.each(TYPES)('finds $type where it stands', ({ type, before, secret }) => {
    const text = `Set this up for me.\n${before}${secret}@db.example.org\n`.replace(
      '@db',
      type === 'url_password' ? '@db' : ' db',
    );
    const found = secretsIn(text).find(({ code }) => code === `secret.${type}`);
    expect(found && text.slice(found.start, found.end)).toBe(secret);
  });

  it.each(TYPES)('finds $type inside base64', ({ type, before, secret }) => {
    const text = Buffer.from(`config: ${before}${secret}@host done`).toString('base64');
    expect(secretsIn(text).map(({ code }) => code)).toContain(`secret.${type}`);
  });

  it.each(TYPES.filter(({ type }) => type !== 'private_key'))(
    'finds $type with an invisible character inside',
    ({ type, before, secret }) => {
      const middle = Math.floor(secret.length / 2);
      const text = `${before}${secret.slice(0, middle)}\u200b${secret.slice(middle)}@host`;
      expect(secretsIn(text).map(({ code }) => code)).toContain(`secret.${type}`);
    },
  );

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'OPENAI_API_KEY=${OPENAI_API_KEY}',
    'password: ${{ secrets.DB_PASSWORD1 }}',
    'password: $DB_PASSWORD_2',
    'password = <YOUR_PASSWORD_123>',
    'postgres://$USER:$PASS@$HOST/app',
    'postgres://user:password@localhost/app',
    'https://example.com:8080/path@v2',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    'password=getPassword(user)',
    'The password must be at least 12 characters.',
    'the secret of a good soup is 87 minutes of patience',
    'ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij',
    'task-sk-manager and risk-based disk-usage-monitoring-of-very-long-names-in-clusters',
    '550e8400-e29b-41d4-a716-446655440000',
    'pk_live_4eC39HqLyjWDarjtT1zdp7dc',
  ])('leaves a placeholder or plain text alone: %s', (text) => {
    expect(secretsIn(text)).toEqual([]);
  });

  it('does not take a GitHub token whose checksum is wrong', () => {
    const token = MADE_UP['github_token']?.[1] ?? '';
    const last = token.endsWith('a') ? 'b' : 'a';
    expect(secretsIn(`${token.slice(0, -1)}${last}`)).toEqual([]);
  });

  it('reports a credential that holds the beginning of another once', () => {
    const [, secret] = MADE_UP['openai_api_key'] ?? ['', ''];
    expect(secretsIn(`${secret.slice(0, 40)}-${secret.slice(0, 60)}`)).toHaveLength(1);
  });

  it('reports no matched text', () => {
    const [, secret] = MADE_UP['stripe_secret_key'] ?? ['', ''];
    expect(JSON.stringify(inspect(secret))).not.toContain(secret.slice(8));
  });
});
