import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StreamReply } from '../../../src/sidecar/stream-reply.ts';

const SILENCE_MS = 1_000;
const PATIENCE_MS = 5_000;

/** A caller that takes in so many bytes, and no more until it is told to. */
function open(takes = Infinity, sign = ': hi\n\n') {
  const read: string[] = [];
  const waiting: (() => void)[] = [];
  let left = takes;
  const reply = new Writable({
    highWaterMark: 16,
    write: (chunk: Buffer, _, done) => {
      read.push(chunk.toString());
      left -= chunk.length;
      if (left > 0) done();
      else waiting.push(done);
    },
  });
  const { signal } = new AbortController();
  const onUntaken = jest.fn();
  const out = new StreamReply(reply, {
    silenceMs: SILENCE_MS,
    signOfLife: () => Buffer.from(sign),
    signal,
    patienceMs: PATIENCE_MS,
    onUntaken,
  });
  return { out, onUntaken, reply, read, goOn: () => waiting.splice(0).forEach((done) => done()) };
}

describe('the reply of a stream', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  it('gives a sign of life after each silence', () => {
    const { out, read } = open();
    jest.advanceTimersByTime(SILENCE_MS * 3);
    out.close();
    expect(read).toEqual([': hi\n\n', ': hi\n\n', ': hi\n\n']);
  });

  it('gives none while something is written now and then', async () => {
    const { out, read } = open();
    for (let i = 0; i < 20; i += 1) {
      jest.advanceTimersByTime(SILENCE_MS - 1);
      await out.write(Buffer.from('x'));
    }
    expect(read.join('')).toBe('x'.repeat(20));
    out.close();
  });

  it('gives none to a caller that has not taken in what came before, and goes on when it has', async () => {
    const { out, read, goOn } = open(1);
    const written = out.write(Buffer.from('x'.repeat(40)));
    jest.advanceTimersByTime(SILENCE_MS * 5);
    expect(read).toEqual(['x'.repeat(40)]);
    goOn();
    await written;
    jest.advanceTimersByTime(SILENCE_MS);
    goOn();
    expect(read).toEqual(['x'.repeat(40), ': hi\n\n']);
    out.close();
  });

  it('gives none where no client would know it, nor after the end', () => {
    const { out, read } = open(Infinity, '');
    jest.advanceTimersByTime(SILENCE_MS);
    out.end(Buffer.from('bye'));
    jest.advanceTimersByTime(SILENCE_MS * 2);
    expect(read).toEqual(['bye']);
  });

  it('waits a moment, not for ever, for a caller to take in the last bytes of what is cut', async () => {
    const { out, read } = open(1);
    const told = out.writeLast(Buffer.from('error'));
    jest.advanceTimersByTime(SILENCE_MS);
    await told;
    expect(read).toEqual(['error']);
  });

  it('has the last bytes for a caller that takes its time with what came before', async () => {
    const { out, read, goOn } = open(1);
    void out.write(Buffer.from('x'.repeat(20)));
    const told = out.writeLast(Buffer.from('error'));
    jest.advanceTimersByTime(SILENCE_MS / 2);
    goOn();
    goOn();
    await told;
    expect(read).toEqual(['x'.repeat(20), 'error']);
  });

  it('says so when a piece is left untaken for too long, and not a moment before', async () => {
    const { out, goOn, onUntaken } = open(1);
    const writing = out.write(Buffer.alloc(32));
    jest.advanceTimersByTime(PATIENCE_MS - 1);
    expect(onUntaken).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(onUntaken).toHaveBeenCalledTimes(1);
    goOn();
    await writing;
    jest.advanceTimersByTime(PATIENCE_MS * 2);
    expect(onUntaken).toHaveBeenCalledTimes(1);
    out.close();
  });
});
