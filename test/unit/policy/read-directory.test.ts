import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDirectory } from '../../../src/policy/read-directory.ts';
import { MountedConfigMap } from '../../support/kubelet.ts';

const KEYS = Array.from({ length: 20 }, (_, index) => `${String(index)}.rego`);

const versionOf = (text: string): Record<string, string> =>
  Object.fromEntries(KEYS.map((key) => [key, text]));

describe('reading a directory', () => {
  it('gives whole versions or nothing, while the link is turned all the time', async () => {
    await using volume = await MountedConfigMap.mount(versionOf('0'));
    const turned = new AbortController();
    const turning = (async (): Promise<void> => {
      for (let turn = 1; turn <= 40; turn += 1) {
        await volume.update(versionOf(String(turn)));
        await sleep(turn % 10);
      }
      turned.abort();
    })();
    const readings: string[] = [];
    while (!turned.signal.aborted) {
      const reading = await readDirectory(volume.directory);
      if (reading === null) continue;
      const files = reading.files.ok ? reading.files.value : [];
      readings.push(files.map(({ name, bytes }) => `${name}=${bytes.toString()}`).join(' '));
    }
    await turning;
    expect(readings.length).toBeGreaterThan(0);
    const whole = /^0\.rego=(\d+)(?: \d+\.rego=\1){19}$/;
    for (const reading of readings) expect(reading).toMatch(whole);
  });
});
