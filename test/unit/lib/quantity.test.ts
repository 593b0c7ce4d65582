import { describe, expect, it } from '@jest/globals';
import { parseQuantity } from '../../../src/lib/quantity.ts';

describe('a quantity', () => {
  it.each([
    ['500m', 0.5],
    ['1', 1],
    ['0.25', 0.25],
    ['.5', 0.5],
    ['256Mi', 268_435_456],
    ['1.5Gi', 1_610_612_736],
    ['128M', 128_000_000],
    ['1e3', 1000],
    ['12E-1', 1.2],
    ['2E', 2e18],
  ])('%s is %d', (text, amount) => {
    expect(parseQuantity(text)).toBeCloseTo(amount);
  });

  it.each(['', '-1', '1 Gi', '1gb', '1GB', 'Mi', '1e', '0x10', '1Mi2', '１'])('is not %j', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });
});
