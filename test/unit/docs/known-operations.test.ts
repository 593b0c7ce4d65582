// Every operation that the providers' own SDKs offer is judged, or is known and refused for a reason.
import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import type { Provider } from '../../../src/exchange/index.ts';
import { findOperation } from '../../../src/gate/decode/index.ts';
import { checkRefused, type Refused } from '../../../tools/docs/coverage/refused.ts';

const CALL = /_client\s*\.(?<verb>get|post|delete|put|patch|getAPIList)\(\s*(?:path )?(?<where>[^,]+)/g;
const LITERAL = /^['`](?<path>.+)['`]$/;

interface Offered {
  readonly method: string;
  /** Null where an answer said where to go. */
  readonly path: string | null;
}

/** As the SDK asks for it, with one name in every place that takes one. */
function listOffered(sdk: string, base: string): readonly Offered[] {
  const folder = new URL(`../../../node_modules/${sdk}/resources`, import.meta.url).pathname;
  return globSync(`${folder}/**/*.mjs`).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(CALL)].map(({ groups: { verb = '', where = '' } = {} }) => {
      const path = LITERAL.exec(where)?.groups?.['path'];
      return {
        method: verb === 'getAPIList' ? 'GET' : verb.toUpperCase(),
        path: path === undefined ? null : base + path.replaceAll(/\$\{\w+\}/g, 'id_1'),
      };
    }),
  );
}

const covers = (row: Refused, method: string, path: string): boolean => {
  const [plain = ''] = path.split('?', 1);
  return row.withBelow === true
    ? plain === row.path || plain.startsWith(`${row.path}/`)
    : row.method === method && row.path === path;
};

describe.each<[string, Provider, string, number, number]>([
  ['openai', 'openai', '/v1', 250, 0],
  ['@anthropic-ai/sdk', 'anthropic', '', 250, 2],
])('%s', (sdk, provider, base, least, elsewhere) => {
  const offered = listOffered(sdk, base);

  it('says of its operations where they are', () => {
    expect(offered.length).toBeGreaterThan(least);
    expect(offered.filter(({ path }) => path === null)).toHaveLength(elsewhere);
  });

  it('offers nothing that is neither judged nor refused for a reason, and nothing that is both', () => {
    const rows = checkRefused().filter((row) => row.provider === provider);
    const wrong = offered.flatMap(({ method, path }) => {
      if (path === null) return [];
      const isJudged = findOperation(provider, method, path) !== null;
      const isRefused = rows.some((row) => covers(row, method, path));
      return isJudged === isRefused ? [`${method} ${path}`] : [];
    });
    expect(wrong).toEqual([]);
  });
});
