import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../../../src/gate/record/index.ts';

function logged(detail: string): string {
  const written: string[] = [];
  createLog({ write: (text) => written.push(text) }).warn('refused', { detail, count: 2 });
  return written.join('');
}

describe('a log line', () => {
  it('is one line of JSON with time, level, message and fields', () => {
    const line = JSON.parse(logged('plain')) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'warn', message: 'refused', detail: 'plain', count: 2 });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it.each(['a\nb', 'a\r\nb', '\u001b[2J', '\u009b31m', '\u2028', '\u202egnp.exe', '\ud800'])(
    'holds %j escaped, so that it can neither forge a line nor drive a terminal',
    (text) => {
      expect(logged(text)).toMatch(/^[\x20-\x7e]+\n$/);
      expect((JSON.parse(logged(text)) as { detail: string }).detail).toBe(text);
    },
  );

  it('cuts a long field', () => {
    expect(logged('x'.repeat(100_000)).length).toBeLessThan(1200);
  });
});
