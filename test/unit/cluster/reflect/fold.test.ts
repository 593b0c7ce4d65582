import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Change, foldChange, foldList } from '../../../../src/cluster/reflect/fold.ts';
import type { KubeObject } from '../../../../src/cluster/reflect/objects.ts';

/** What the API server went through: objects by name, each write with a version of its own. */
interface Step {
  readonly name: string;
  readonly isGone: boolean;
}

const steps = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), isGone: fc.boolean() }), {
  maxLength: 30,
});

const objectAt = (name: string, version: number, born: number): KubeObject => ({
  metadata: { namespace: 'n', name, uid: `${name}-${String(born)}`, resourceVersion: String(version) },
});

/** The events of a history, and what was there after each of them. */
function play(history: readonly Step[]): { events: Change<KubeObject>[]; states: KubeObject[][] } {
  const now = new Map<string, KubeObject>();
  const born = new Map<string, number>();
  const events: Change<KubeObject>[] = [];
  const states: KubeObject[][] = [[]];
  for (const [version, { name, isGone }] of history.entries()) {
    if (isGone && !now.has(name)) continue;
    if (!now.has(name)) born.set(name, version);
    const object = objectAt(name, version, born.get(name) ?? version);
    if (isGone) now.delete(name);
    else now.set(name, object);
    events.push({ kind: isGone ? 'gone' : 'is', object });
    states.push([...now.values()]);
  }
  return { events, states };
}

const sorted = (objects: Iterable<KubeObject>): KubeObject[] =>
  [...objects].sort((one, other) => one.metadata.name.localeCompare(other.metadata.name));

describe('what is held', () => {
  it('is what is there, wherever lists are read and from wherever events are told again', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }),
        (history, interruptions) => {
          const { events, states } = play(history);
          const held = new Map<string, KubeObject>();
          let seen = 0;
          for (const [until, skipped] of interruptions) {
            const end = Math.min(events.length, seen + (until % 8));
            for (const event of events.slice(seen, end)) foldChange(held, event);
            seen = Math.min(events.length, end + (skipped % 8)); // what happened meanwhile is never told
            foldList(held, states[seen] ?? []);
          }
          for (const event of events.slice(seen)) foldChange(held, event);
          expect(sorted(held.values())).toEqual(sorted(states.at(-1) ?? []));
        },
      ),
    );
  });

  it('is told of key by key: whoever follows the keys alone knows all of it', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(), { maxLength: 6 }), (history, lists) => {
        const { events, states } = play(history);
        const held = new Map<string, KubeObject>();
        const copy = new Map<string, KubeObject>();
        const follow = (keys: readonly string[]): void => {
          for (const key of keys) {
            const object = held.get(key);
            if (object === undefined) copy.delete(key);
            else copy.set(key, object);
          }
        };
        for (const [index, event] of events.entries()) {
          if (lists.includes(index)) follow(foldList(held, states[index] ?? []));
          const key = foldChange(held, event);
          follow(key === null ? [] : [key]);
          expect(copy).toEqual(held);
        }
      }),
    );
  });

  it('is not told of twice, and keeps the very object that was there', () => {
    const object = objectAt('a', 1, 1);
    const held = new Map([['n/a', object]]);
    expect(foldList(held, [objectAt('a', 1, 1)])).toEqual([]);
    expect(foldChange(held, { kind: 'is', object: objectAt('a', 1, 1) })).toBeNull();
    expect(held.get('n/a')).toBe(object);
    expect(foldChange(held, { kind: 'gone', object })).toBe('n/a');
    expect(foldChange(held, { kind: 'gone', object })).toBeNull();
  });

  it('knows an object that was made anew under the same name from the one before', () => {
    const held = new Map([['n/a', objectAt('a', 1, 1)]]);
    expect(foldList(held, [objectAt('a', 1, 2)])).toEqual(['n/a']);
  });
});
