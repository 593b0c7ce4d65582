import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { openProgress } from '../../../../src/cli/replay/progress.ts';

const MIB = 1024 * 1024;

describe('progress', () => {
  const write = async (isTTY: boolean, pauseMs: number): Promise<string> => {
    const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream & PassThrough;
    const progress = openProgress(20 * MIB, stream);
    progress.add(4 * MIB);
    await sleep(pauseMs);
    progress.add(8 * MIB);
    progress.end();
    return String(stream.read() ?? '');
  };

  it('is shown on a terminal, and goes away', async () => {
    expect(await write(true, 600)).toBe('\r\u001b[2K12 MiB of 20 MiB replayed\r\u001b[2K');
  });

  it('is not shown for what is over soon, nor where there is no terminal', async () => {
    expect([await write(true, 0), await write(false, 600)]).toEqual(['', '']);
  });
});
