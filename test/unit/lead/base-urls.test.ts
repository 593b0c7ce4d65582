import { describe, expect, it } from '@jest/globals';
import type { Provider } from '../../../src/exchange/index.ts';
import { pointersTo } from '../../../src/lead/index.ts';

const upstreams = (...rows: (readonly [string, Provider])[]) =>
  rows.map(([name, provider]) => ({ name, provider }));

describe('SDKs', () => {
  it('are pointed at the upstream of their provider, with the path that they expect', () => {
    expect(pointersTo(upstreams(['gateway', 'openai'], ['claude', 'anthropic'], ['tools', 'mcp']))).toEqual([
      { variable: 'OPENAI_BASE_URL', path: '/gateway/v1' },
      { variable: 'ANTHROPIC_BASE_URL', path: '/claude' },
    ]);
  });

  it('are pointed at the one that bears the name of the provider, of several', () => {
    expect(pointersTo(upstreams(['eu', 'openai'], ['openai', 'openai']))).toEqual([
      { variable: 'OPENAI_BASE_URL', path: '/openai/v1' },
    ]);
  });
});
