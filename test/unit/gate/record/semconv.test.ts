import { describe, expect, it } from '@jest/globals';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { readFileSync } from 'node:fs';
import { ATTR, METRICS, SEMCONV_VERSION } from '../../../../src/gate/record/semconv.ts';

const known = new Set<unknown>(Object.values(conventions));

describe('the names copied from the semantic conventions', () => {
  it.each([...Object.values(ATTR), METRICS.tokenUsage.name, METRICS.operationDuration.name])(
    '%s stands in the revision we name',
    (name) => {
      expect(known).toContain(name);
    },
  );

  it('are compared with that revision', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies['@opentelemetry/semantic-conventions']).toBe(SEMCONV_VERSION);
  });
});
