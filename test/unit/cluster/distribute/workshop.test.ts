import { describe, expect, it } from '@jest/globals';
import {
  readFloor,
  Workshop,
  type BuildSet,
  type PolicySet,
} from '../../../../src/cluster/distribute/index.ts';
import { aConfigMap } from '../../../support/config-maps.ts';
import { until } from '../../../support/until.ts';

/** What a set says is its text; with `bad` in it, it does not compile. */
const said = ({ platform, own }: PolicySet): string =>
  [platform, own].flatMap(({ files }) => files.map(({ bytes }) => bytes.toString())).join('+');
const floor = (text: string) => readFloor(text === '' ? [] : [aConfigMap('n/c', { 'x.rego': text })]);
const set = (platform: string, own: string): PolicySet => ({ platform: floor(platform), own: floor(own) });

interface Bench extends AsyncDisposable {
  readonly workshop: Workshop;
  /** What was compiled, in order. */
  readonly log: string[];
  /** The most at a time. */
  readonly most: () => number;
}

function open(act: (text: string, signal: AbortSignal) => Promise<void> = async () => {}): Bench {
  const log: string[] = [];
  let [now, most] = [0, 0];
  const build: BuildSet = async (wanted, signal) => {
    const text = said(wanted);
    log.push(text);
    now += 1;
    most = Math.max(most, now);
    await act(text, signal);
    now -= 1;
    const issue = { configMap: 'n/c', key: 'x.rego', row: 1, column: 1, code: 'c', message: text };
    const isPassing = text.includes('shaky') || signal.aborted;
    if (text.includes('bad') || isPassing) return { ok: false, error: { issues: [issue], isPassing } };
    return { ok: true, value: { digest: text, bytes: Buffer.from(text) } };
  };
  const workshop = new Workshop({ build, pauseMs: () => 1 });
  const dispose = () => workshop[Symbol.asyncDispose]();
  return { workshop, log, most: () => most, [Symbol.asyncDispose]: dispose };
}

const settled = ({ workshop }: Bench, namespace: string) =>
  until('it is settled', () => workshop.stateOf(namespace)?.isPending === false);
const digestOf = ({ workshop }: Bench, namespace: string) => workshop.stateOf(namespace)?.built?.digest;

describe('a workshop', () => {
  it('builds one set at a time, and tells of each', async () => {
    await using bench = open(() => new Promise((resolve) => setImmediate(resolve)));
    const told = new Set<string>();
    bench.workshop.subscribe((namespace) => void told.add(namespace));
    for (const name of ['a', 'b', 'c']) bench.workshop.want(name, set('p', name));
    for (const name of ['a', 'b', 'c']) await settled(bench, name);
    expect(['a', 'b', 'c'].map((name) => digestOf(bench, name))).toEqual(['p+a', 'p+b', 'p+c']);
    expect(bench.most()).toBe(1);
    expect([...told]).toEqual(['a', 'b', 'c']);
  });

  it('gives up a set for a newer one of the same namespace, and builds none in between', async () => {
    await using bench = open(
      (text, signal) =>
        new Promise((resolve) => {
          if (text === 'p+old') signal.addEventListener('abort', () => resolve());
          else resolve();
        }),
    );
    bench.workshop.want('a', set('p', 'old'));
    await until('it is at work', () => bench.log.length === 1);
    bench.workshop.want('a', set('p', 'older'));
    bench.workshop.want('a', set('p', 'new'));
    await settled(bench, 'a');
    expect(digestOf(bench, 'a')).toBe('p+new');
    expect(bench.log).toEqual(['p+old', 'p+new']);
  });

  it('takes what another has built of the same set, and gives up what was under way', async () => {
    await using bench = open(
      (_text, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    bench.workshop.want('a', set('p', 'x'));
    bench.workshop.want('b', set('p', 'y'));
    await until('it is at work', () => bench.log.length === 1);
    for (const name of ['a', 'b']) bench.workshop.adopt(name, { digest: name, bytes: Buffer.alloc(0) });
    for (const name of ['a', 'b']) await settled(bench, name);
    expect(['a', 'b'].map((name) => digestOf(bench, name))).toEqual(['a', 'b']);
    bench.workshop.want('a', set('p', 'z'));
    await until('it is at work again', () => bench.log.length === 2);
    expect(bench.log).toEqual(['p+x', 'p+z']);
  });

  it('does nothing about a set it has', async () => {
    await using bench = open();
    bench.workshop.want('a', set('p', 'x'));
    await settled(bench, 'a');
    bench.workshop.want('a', set('p', 'x'));
    expect(bench.workshop.stateOf('a')?.isPending).toBe(false);
    expect(bench.log).toEqual(['p+x']);
  });

  it('keeps the last good bundle of a namespace, and disturbs no other', async () => {
    await using bench = open();
    for (const name of ['a', 'b']) bench.workshop.want(name, set('p', 'good'));
    for (const name of ['a', 'b']) await settled(bench, name);
    bench.workshop.want('a', set('p', 'bad'));
    await settled(bench, 'a');
    expect(bench.workshop.stateOf('a')).toMatchObject({
      built: { digest: 'p+good' },
      issues: [{ message: 'p+bad' }],
    });
    expect(bench.workshop.stateOf('b')).toMatchObject({ built: { digest: 'p+good' }, issues: [] });
  });

  it('brings what the platform says to a namespace whose own policies are at fault', async () => {
    await using bench = open();
    bench.workshop.want('new', set('p', 'bad'));
    bench.workshop.want('old', set('p', 'good'));
    for (const name of ['new', 'old']) await settled(bench, name);
    expect(bench.workshop.stateOf('new')).toMatchObject({ built: { digest: 'p' }, issues: [{}] });
    bench.workshop.want('old', set('p', 'bad'));
    await settled(bench, 'old');
    bench.workshop.want('old', set('newer', 'bad'));
    await settled(bench, 'old');
    expect(bench.workshop.stateOf('old')).toMatchObject({
      built: { digest: 'newer+good' },
      issues: [{ message: 'newer+bad' }],
    });
    bench.workshop.want('old', set('bad', 'good'));
    await settled(bench, 'old');
    expect(digestOf(bench, 'old')).toBe('newer+good');
  });

  it('tries again what may pass', async () => {
    await using bench = open();
    bench.workshop.want('a', set('p', 'shaky'));
    await until('it was tried often', () => bench.log.filter((text) => text === 'p+shaky').length > 3);
    expect(bench.workshop.stateOf('a')).toMatchObject({ built: { digest: 'p' }, issues: [{}] });
  });

  it('takes what an earlier controller built until its own is ready, and then never again', async () => {
    await using bench = open();
    const earlier = { digest: 'earlier', bytes: Buffer.from('') };
    bench.workshop.want('a', set('p', 'bad'));
    bench.workshop.restore('a', earlier);
    await settled(bench, 'a');
    expect(bench.workshop.stateOf('a')).toMatchObject({ built: earlier, issues: [{}] });
    bench.workshop.want('a', set('p', 'good'));
    await settled(bench, 'a');
    bench.workshop.restore('a', earlier);
    expect(digestOf(bench, 'a')).toBe('p+good');
  });

  it('forgets a namespace, also while it works for it', async () => {
    await using bench = open(
      (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    bench.workshop.want('a', set('p', 'x'));
    await until('it is at work', () => bench.log.length === 1);
    bench.workshop.forget('a');
    expect(bench.workshop.stateOf('a')).toBeNull();
  });
});
