import { describe, expect, it } from '@jest/globals';
import type { KeptBundle } from '../../../src/cluster/distribute/index.ts';
import { Fetched } from '../../../src/controller/policies/fetched.ts';

const DIGEST = '0123456789abcdef';
const PIN = DIGEST.slice(0, 12);
const entry = (version: string): KeptBundle => ({
  metadata: { namespace: 'team', name: `postern-bundle-${PIN}`, uid: 'u', resourceVersion: version },
  digest: DIGEST,
  size: 3,
  built: null,
});
const whole = (version: string): KeptBundle => ({
  ...entry(version),
  built: { digest: DIGEST, bytes: Buffer.from('abc') },
});

describe('what is pinned and not at hand', () => {
  const open = (answers: Array<KeptBundle | null>) => {
    const asked: string[] = [];
    let rung = 0;
    const fetched = new Fetched({
      fetch: async ({ metadata }) => {
        asked.push(metadata.resourceVersion ?? '');
        return answers.shift() ?? null;
      },
      onChange: () => (rung += 1),
    });
    const look = async (kept: KeptBundle, pin: string | null): Promise<string | undefined> => {
      const [found] = fetched.complete('team', [kept], pin);
      await Promise.resolve();
      await Promise.resolve();
      return found?.built?.bytes.toString();
    };
    return { asked, look, rung: () => rung };
  };

  it('is fetched once, told, and forgotten when the pin goes', async () => {
    const { asked, look, rung } = open([whole('1'), whole('1')]);
    expect(await look(entry('1'), null)).toBeUndefined();
    expect(asked).toEqual([]);
    expect(await look(entry('1'), PIN)).toBeUndefined();
    expect(await look(entry('1'), PIN)).toBe('abc');
    expect(await look(entry('1'), PIN)).toBe('abc');
    expect([asked, rung()]).toEqual([['1'], 1]);
    await look(entry('1'), null);
    expect(await look(entry('1'), PIN)).toBeUndefined();
    expect(asked).toEqual(['1', '1']);
  });

  it('is asked for again where it could not be had, or is another one', async () => {
    const { asked, look, rung } = open([null, whole('1'), whole('2')]);
    await look(entry('1'), PIN);
    expect(rung()).toBe(0);
    await look(entry('1'), PIN);
    expect(await look(entry('2'), PIN)).toBeUndefined();
    expect(await look(entry('2'), PIN)).toBe('abc');
    expect(asked).toEqual(['1', '1', '2']);
  });
});
