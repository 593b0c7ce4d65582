import { describe, expect, it } from '@jest/globals';
import { readCorpus } from '../fuzz/corpus.ts';
import { attempt } from '../fuzz/fuzz.ts';
import { TARGETS } from '../fuzz/targets/index.ts';

describe('inputs that fuzzing has found', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))(
    'are mistreated by no parser: %s',
    (name, target) => {
      const inputs = [...target.seeds, ...readCorpus(name)];
      expect(inputs.length).toBeGreaterThan(0);
      expect(inputs.flatMap((input) => attempt(target, input)?.message ?? [])).toEqual([]);
    },
  );
});
