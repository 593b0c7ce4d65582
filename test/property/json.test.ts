import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseJson, spliceEdits, type JsonNode } from '../../src/gate/decode/json/index.ts';

const plain = (node: JsonNode): unknown => {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'string':
    case 'number':
    case 'literal':
      return node.value;
  }
};

const strings = (node: JsonNode): Extract<JsonNode, { kind: 'string' }>[] => {
  switch (node.kind) {
    case 'object':
      return node.members.flatMap(({ key, value }) => [key, ...strings(value)]);
    case 'array':
      return node.items.flatMap(strings);
    case 'string':
      return [node];
    case 'number':
    case 'literal':
      return [];
  }
};

const value = fc
  .jsonValue({ stringUnit: 'binary' })
  .filter((json) => !JSON.stringify(json).includes('__proto__'));
const document = fc
  .tuple(value, fc.constantFrom(undefined, 1, '\t'))
  .map(([json, indent]) => Buffer.from(JSON.stringify(json, null, indent)));

const parsed = (body: Buffer): JsonNode => {
  const result = parseJson(body);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

describe('strict JSON', () => {
  it('agrees with JSON.parse on every document', () => {
    fc.assert(
      fc.property(document, (body) => {
        expect(plain(parsed(body))).toEqual(JSON.parse(body.toString()));
      }),
    );
  });

  it('never accepts what JSON.parse refuses', () => {
    const damaged = fc.tuple(document, fc.nat(), fc.nat(255)).map(([body, at, byte]) => {
      const copy = Buffer.from(body);
      copy[at % copy.length] = byte;
      return copy;
    });
    fc.assert(
      fc.property(damaged, (body) => {
        const result = parseJson(body);
        const read = result.ok ? plain(result.value) : undefined;
        expect(read).toEqual(result.ok ? JSON.parse(body.toString()) : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('knows of every string the bytes that hold it', () => {
    fc.assert(
      fc.property(document, (body) => {
        for (const { start, end, value } of strings(parsed(body)))
          expect(JSON.parse(body.toString('utf8', start, end))).toBe(value);
      }),
    );
  });

  it('splices nothing to the same bytes, and strings to what was asked', () => {
    fc.assert(
      fc.property(document, (body) => {
        expect(spliceEdits(body, [])).toEqual(body);
        const leaves = strings(parsed(body));
        const edits = leaves.map(({ start, end }) => ({
          start,
          end,
          replacement: body.toString('utf8', start, end),
        }));
        expect(spliceEdits(body, edits)).toEqual(body);
      }),
    );
  });
});
