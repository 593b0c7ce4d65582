import { describe, expect, it } from '@jest/globals';
import { FAILURE_MODES, PosternError } from '../../../src/exchange/index.ts';

describe('the table of failure modes', () => {
  it.each(Object.entries(FAILURE_MODES))(
    '%s refuses, with a status that fits and a message for people',
    (code, row) => {
      expect(code).toMatch(/^POSTERN_E_[A-Z_]+$/);
      expect(row.status).toBeGreaterThanOrEqual(400);
      expect(row.message).toMatch(/^[A-Z].*\.$/);
      // Only what may be different the next time is worth another try.
      expect(row.retryable && row.status < 500).toBe(false);
    },
  );

  it('is pinned: a code is an interface', () => {
    expect(Object.keys(FAILURE_MODES).sort()).toMatchSnapshot();
  });

  it('gives errors a code, a message and what and where', () => {
    const error = new PosternError('POSTERN_E_BODY_TOO_LARGE', 'Limit: 10 bytes.');
    expect(error.message).toBe('The body is larger than the limit. Limit: 10 bytes.');
    expect(error.code).toBe('POSTERN_E_BODY_TOO_LARGE');
  });
});
