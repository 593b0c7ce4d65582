import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errors } from 'undici';
import { AnswerBody } from '../../../../src/gate/forward/answer-body.ts';
import { readWhole, type WholeLimits } from '../../../../src/gate/forward/read-whole.ts';

const LIMITS: WholeLimits = { bytes: 1_000_000, timeoutMs: 5_000, cover: () => true };

function open(): { body: AnswerBody; calls: string[] } {
  const calls: string[] = [];
  const note = (name: string) => (): void => void calls.push(name);
  return {
    calls,
    body: new AnswerBody({ pause: note('pause'), resume: note('resume'), abort: note('abort') }),
  };
}

describe('the body of an answer', () => {
  it('is what came, however it came and whenever it is read', async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.boolean(), { maxLength: 9 }), async (chunks, waits) => {
        const { body } = open();
        const read = readWhole(body, LIMITS);
        for (const [index, chunk] of chunks.entries()) {
          if (waits[index] === true) await Promise.resolve();
          body.push(Buffer.from(chunk));
        }
        body.end();
        expect(await read).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  it('is not read further ahead of its reader than 64 KiB', async () => {
    const { body, calls } = open();
    body.push(Buffer.alloc(60_000));
    expect(calls).toEqual([]);
    body.push(Buffer.alloc(60_000));
    expect(calls).toEqual(['pause']);
    await body.read();
    expect(calls).toEqual(['pause', 'resume']);
  });

  it.each([
    [new errors.BodyTimeoutError(), 'POSTERN_E_UPSTREAM_TIMEOUT'],
    [new errors.SocketError('other side closed'), 'POSTERN_E_UPSTREAM_RESPONSE'],
  ])('gives what came before it broke off, then says why: %s', async (failure, code) => {
    const { body } = open();
    body.push(Buffer.from('a'));
    body.fail(failure);
    expect(String(await body.read())).toBe('a');
    await expect(body.read()).rejects.toMatchObject({ code });
  });

  it('wakes its reader when it is let go, and ends its connection', async () => {
    const { body, calls } = open();
    const read = body.read();
    body.destroy();
    await expect(read).rejects.toMatchObject({ code: 'POSTERN_E_UPSTREAM_RESPONSE' });
    expect(calls).toEqual(['abort']);
  });

  it('leaves its connection alone where all has come', () => {
    const { body, calls } = open();
    body.push(Buffer.from('a'));
    body.end();
    body.destroy();
    expect(calls).toEqual([]);
  });
});

describe('a whole answer', () => {
  it.each([
    [{ bytes: 3 }, 'POSTERN_E_UPSTREAM_RESPONSE'],
    [{ cover: (size: number) => size < 4 }, 'POSTERN_E_OVERLOADED'],
  ])('is refused beyond its limits, in one piece or in two: %j', async (limit, code) => {
    for (const pieces of [['four'], ['fo', 'ur']]) {
      const { body } = open();
      for (const piece of pieces) body.push(Buffer.from(piece));
      body.end();
      await expect(readWhole(body, { ...LIMITS, ...limit })).rejects.toMatchObject({ code });
    }
  });

  it('is waited for only so long', async () => {
    const { body } = open();
    body.push(Buffer.from('a'));
    const read = readWhole(body, { ...LIMITS, timeoutMs: 5 });
    await expect(read).rejects.toMatchObject({ code: 'POSTERN_E_UPSTREAM_TIMEOUT' });
  });
});
