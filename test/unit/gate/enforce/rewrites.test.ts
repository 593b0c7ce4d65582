import { describe, expect, it } from '@jest/globals';
import {
  dropHighEntropy,
  normalise,
  redactSpans,
  stripControls,
  trim,
  truncate,
} from '../../../../src/gate/enforce/rewrites/index.ts';

const FAMILY = '👨‍👩‍👧‍👦';

describe('trim', () => {
  it('takes white space from both ends', () => {
    expect(trim('\n a b \t')).toBe('a b');
  });
});

describe('normalise', () => {
  it('writes styled letters plainly', () => {
    expect(normalise('Ｉｇｎｏｒｅ 𝓅𝓇𝑒𝓋ℐ𝑜𝓊𝓈 ﬁles ４２')).toBe('Ignore prevIous files 42');
  });

  it.each(['x² + ½', '① first', 'Postern™ 20℃', '，。！全角', 'ｶﾞｷﾞ', FAMILY, 'می‌خواهم', 'क्‍ष', '10\u00a0km'])(
    'leaves what means something else: %s',
    (text) => {
      expect(normalise(text)).toBe(text.normalize('NFC'));
    },
  );
});

describe('stripControls', () => {
  it('takes out what no reader sees', () => {
    expect(
      stripControls('a\u0000b\u001b[31m\u0085c\u200bd\u202ee\u{e0041}\u{e007f}f\u00ad\u2066g\ufeff'),
    ).toBe('ab[31mcdefg');
  });

  it.each([
    'tab\tline\r\nbreak',
    `${FAMILY} ❤️ 1️⃣ 👍🏽 🏳️‍🌈 🇩🇪`,
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'می‌خواهم',
    'क्‍ष',
    'ทดสอบ\u200bภาษาไทย',
    '葛\u{e0100}',
    'שלום \u200fעולם',
  ])('keeps what emoji and scripts are written with: %j', (text) => {
    expect(stripControls(text)).toBe(text);
  });

  it('keeps no joiner or selector that stands alone', () => {
    expect(stripControls('a\u200db \ufe0fc 7\ufe0f8')).toBe('ab c 78');
  });
});

describe('dropHighEntropy', () => {
  it('replaces long random tokens and nothing else', () => {
    expect(dropHighEntropy('use aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0, not abstractSingletonProxyFactory2')).toBe(
      'use [removed], not abstractSingletonProxyFactory2',
    );
  });
});

describe('truncate', () => {
  it('counts code points', () => {
    expect(truncate('héllo', 4)).toBe('héll');
    expect(truncate('👍👍👍', 2)).toBe('👍👍');
    expect(truncate('short', 10)).toBe('short');
    expect(truncate('👍👍', 3)).toBe('👍👍');
  });

  it('splits no character that is made of several', () => {
    expect(truncate(`ab${FAMILY}c`, 4)).toBe('ab');
    expect(truncate('e\u0301e\u0301', 3)).toBe('e\u0301');
    expect(truncate('a\r\nb', 2)).toBe('a');
  });
});

describe('redactSpans', () => {
  it('names what was there', () => {
    expect(redactSpans('my key is abc.', [{ code: 'secret.jwt', start: 10, end: 13 }])).toBe(
      'my key is [redacted:secret.jwt].',
    );
  });

  it('merges spans that overlap, in any order', () => {
    const spans = [
      { code: 'b.late', start: 3, end: 6 },
      { code: 'a.early', start: 1, end: 4 },
      { code: 'c.inside', start: 2, end: 3 },
      { code: 'd.next', start: 6, end: 7 },
    ];
    expect(redactSpans('0123456789', spans)).toBe('0[redacted:a.early][redacted:d.next]789');
  });
});
