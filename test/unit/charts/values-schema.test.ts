// The chart's schema is written by hand: what it takes of an upstream is what the configuration takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configSchema } from '../../../src/config/schema.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly enum?: readonly string[];
}

const FILE = join(import.meta.dirname, '../../../charts/postern/values.schema.json');

const upstreamOf = (schema: Schema): Schema => {
  const { additionalProperties: found } = schema.properties?.['upstreams'] ?? {};
  if (found === undefined || found === false) throw new Error('There are upstreams.');
  return found;
};

/** Names of settings, and values where only some are known. */
const shapeOf = ({ properties, enum: values }: Schema): unknown =>
  properties === undefined
    ? [...(values ?? [])].sort()
    : Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, shapeOf(schema)]));

describe('the chart', () => {
  it('takes every setting of an upstream, and no other', () => {
    const chart = JSON.parse(readFileSync(FILE, 'utf8')) as Schema;
    const config = z.toJSONSchema(configSchema, { io: 'input' }) as Schema;
    expect(shapeOf(upstreamOf(chart))).toEqual(shapeOf(upstreamOf(config)));
  });
});
