// The chart's schema is written by hand: what it takes of an upstream is what the configuration takes, and it knows every value that there is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { z } from 'zod';
import { configSchema } from '../../../src/config/schema.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly enum?: readonly string[];
}

const CHART = join(import.meta.dirname, '../../../charts/postern');

const readSchema = (): Schema =>
  JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;

const readValues = (): string => readFileSync(join(CHART, 'values.yaml'), 'utf8');

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

/** Where schema and values differ in names, as far as the schema says which there are. */
function differences({ properties }: Schema, value: unknown, path = ''): readonly string[] {
  if (properties === undefined) return [];
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return [...new Set([...Object.keys(properties), ...Object.keys(found)])].flatMap((name) => {
    const own = `${path}.${name}`;
    const schema = properties[name];
    if (schema === undefined) return [`${own} is not in the schema`];
    return name in found ? differences(schema, found[name], own) : [`${own} has no default`];
  });
}

/** Helm's own, and what the sidecar has defaults for. */
const ELSEWHERE = /^\.(global|limits\.\w+) has no default$/;

describe('the chart', () => {
  it('has a default for every value that its schema knows, and knows every value', () => {
    expect(differences(readSchema(), load(readValues())).filter((each) => !ELSEWHERE.test(each))).toEqual([]);
  });

  it('takes every setting of an upstream, and no other', () => {
    const chart = readSchema();
    const config = z.toJSONSchema(configSchema, { io: 'input' }) as Schema;
    expect(shapeOf(upstreamOf(chart))).toEqual(shapeOf(upstreamOf(config)));
  });
});
