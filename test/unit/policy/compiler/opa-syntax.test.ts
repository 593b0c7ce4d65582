import { describe, expect, it } from '@jest/globals';
import { readModule } from '../../../../src/policy/compiler/opa-syntax.ts';

const location = { row: 3, col: 9 };
const text = (value: string) => ({ type: 'string', value });
const TRUE = { type: 'boolean', value: true };
const PACKAGE = { location: { row: 1, col: 1 }, path: [text('data'), text('a'), text('b')] };

function defaultOf(path: readonly string[], value: object): unknown {
  const [name = '', ...keys] = path;
  const ref = [{ type: 'var', value: name }, ...keys.map(text)];
  const rules = [{ default: true, head: { ref, value, location } }];
  return readModule('p.rego', JSON.stringify({ package: PACKAGE, rules })).rules[0]?.default;
}

describe('the syntax tree of an `opa`', () => {
  it('tells what holds by default', () => {
    expect(defaultOf(['allow'], TRUE)).toBe(true);
    expect(defaultOf(['gate', 'allow'], TRUE)).toEqual({ allow: true });
    const decision = {
      type: 'object',
      value: [
        [text('action'), text('allow')],
        [text('tags'), { type: 'array', value: [{ type: 'set', value: [TRUE] }] }],
      ],
    };
    expect(defaultOf(['decision'], decision)).toEqual({ action: 'allow', tags: [[true]] });
  });

  it('tells no default of a rule that is none', () => {
    const rules = [{ head: { ref: [{ type: 'var', value: 'allow' }], value: TRUE, location } }];
    const facts = readModule('p.rego', JSON.stringify({ package: PACKAGE, rules }));
    expect(facts.rules).toEqual([{ name: 'allow', row: 3, col: 9, isSet: false }]);
  });
});
