import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../../../src/lib/result.ts';
import { explainLacks, joinCapabilities } from '../../../../src/policy/compiler/opa-builtins.ts';
import type { PolicyIssue } from '../../../../src/policy/issue.ts';

const OFFERED = { builtins: [{ name: 'abs' }, { name: 'postern.matches', decl: { type: 'function' } }] };

const undefinedIn = (name: string): PolicyIssue => ({
  file: 'p.rego',
  row: 3,
  col: 8,
  code: 'rego_type_error',
  message: `undefined function ${name}`,
});

describe('an opa on PATH', () => {
  it('is told of the built-ins that it does not have, beside its own', () => {
    const has = { builtins: [{ name: 'abs' }, { name: 'http.send' }], features: ['a'] };
    expect(joinCapabilities(has, OFFERED)).toEqual({
      builtins: [...has.builtins, OFFERED.builtins[1]],
      features: ['a'],
    });
  });

  it('says at the place of a call that it has not the built-in, which is no mistake', () => {
    expect(explainLacks(err([undefinedIn('postern.matches')]), OFFERED)).toEqual(
      err([
        {
          ...undefinedIn('postern.matches'),
          code: 'opa.lacks',
          message: expect.stringContaining('can neither test nor evaluate them: run `make regoc`'),
        },
      ]),
    );
  });

  it('leaves what is a mistake one', () => {
    const mistake = err([undefinedIn('postern.match')]);
    expect(explainLacks(mistake, OFFERED)).toEqual(mistake);
    expect(explainLacks(ok(7), OFFERED)).toEqual(ok(7));
  });
});
