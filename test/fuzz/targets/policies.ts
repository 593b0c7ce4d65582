// What policies and their bundles are made of: refused with a code, or taken; never thrown.
import { gunzipSync, gzipSync } from 'node:zlib';
import { parsePatterns } from '../../../src/gate/inspect/index.ts';
import { parseVerdicts } from '../../../src/gate/decide/index.ts';
import { PosternError } from '../../../src/exchange/index.ts';
import { readBundle } from '../../../src/policy/index.ts';
import { parseConfig } from '../../../src/config/index.ts';
import { aBundle } from '../../support/bundles.ts';
import type { FuzzTarget } from '../target.ts';

const asJson = (input: Buffer): unknown => {
  try {
    return JSON.parse(input.toString());
  } catch {
    return undefined;
  }
};

/** What is packed is damaged, and packed again: else nothing would get past the checksum. */
export const bundle: FuzzTarget = {
  name: 'bundle',
  seeds: [
    gunzipSync(aBundle({ wasm: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), data: { config: { n: 1 } } })),
  ],
  words: ['ustar', '.manifest', 'data.json', '/policy.wasm', '\0'],
  run: (input) => void readBundle(gzipSync(input, { level: 1 })),
};

export const patterns: FuzzTarget = {
  name: 'patterns',
  seeds: [
    Buffer.from(
      '[{"id":"a.b","literal":"draft a contract","severity":"high","origins":["user"]},{"id":"a.c","re2":"K[0-9]{4}","max_length":9}]',
    ),
  ],
  words: [
    '"re2":"(a|b)*"',
    '"literal":""',
    '"max_length":',
    '"kinds":["text"]',
    '"view":"raw"',
    '\\\\p{L}',
    '[^',
  ],
  run: (input) => void parsePatterns(asJson(input)),
};

export const verdicts: FuzzTarget = {
  name: 'verdicts',
  seeds: [
    Buffer.from(
      '{"a.b":{"verdicts":[{"action":"redact","code":"a.b.c","message":"m","findings":["x.y"]}],"deny":["No."],"warn":[{"msg":"m","code":"a.b.d"}]}}',
    ),
    Buffer.from(
      '{"a.b":{"verdicts":[{"action":"rewrite","code":"a.b.c","message":"m","rewrite":"truncate","limit":3}]}}',
    ),
  ],
  words: [
    '"action":"deny"',
    '"spans":[{"part":0,"start":0,"end":1}]',
    '"rewrite":"trim"',
    '"violation":[]',
    '"parts":[0]',
  ],
  run: (input) => {
    try {
      parseVerdicts(asJson(input), ['a.b'], [{ text: 'some text' }]);
    } catch (error) {
      if (!(error instanceof PosternError)) throw error;
    }
  },
};

export const config: FuzzTarget = {
  name: 'config',
  seeds: [
    Buffer.from(
      'upstreams:\n  openai: {provider: openai, url: "https://api.openai.com"}\npolicy: {directory: ./policies}\nlimits: {exchanges: 3}\n',
    ),
  ],
  words: [
    'policy: {signature: {keys: {a: b}}}',
    'audit: {file: x}',
    '!!js/function',
    '&a *a',
    '<<: ',
    'url: "http://10.0.0.1"',
    'modes: {a.b: audit}',
  ],
  run: (input) => void parseConfig({ file: 'postern.yaml', text: input.toString(), env: {} }),
};
