import { describe, expect, it } from '@jest/globals';
import { readCases } from '../../../../src/cli/cases/index.ts';

/** `row:col: message` of everything that is wrong. */
function complaintsOf(text: string): readonly string[] {
  const read = readCases([{ name: 'a_cases.yaml', file: 'a_cases.yaml', text }]);
  return read.ok
    ? []
    : read.error.map(({ row, col, message }) => `${String(row)}:${String(col)}: ${message}`);
}

describe('a file of cases', () => {
  it('is read with the place of everything in it', () => {
    const text = 'cases:\n  - name: one\n    request: Hello.\n    expect: { action: deny, codes: [a.b] }\n';
    const read = readCases([{ name: 'a_cases.yaml', file: 'a_cases.yaml', text }]);
    const [one] = read.ok ? read.value : [];
    expect(one?.locate(['expect', 'codes'])).toEqual({ row: 4, col: 29 });
    expect(one?.locate(['expect', 'codes', 0])).toEqual({ row: 4, col: 37 });
    expect(one?.locate(['expect', 'findings'])).toEqual({ row: 4, col: 5 });
    expect(one?.request).toMatchObject({ kind: 'spoken', turns: [{ kind: 'user', text: 'Hello.' }] });
  });

  it('may be JSON', () => {
    expect(complaintsOf('{"cases": [{"name": "one", "answer": "Hi.", "expect": "allow"}]}')).toEqual([]);
  });

  it('names the key that is not known, and the one that was meant', () => {
    const text = 'cases:\n  - name: one\n    request: Hello.\n    expect:\n      acton: deny\n';
    expect(complaintsOf(text)).toEqual(['5:7: acton is not known here; did you mean action?']);
    expect(complaintsOf('cases:\n  - nme: one\n    request: { usr: Hello. }\n    expect: deny\n')).toEqual([
      '2:5: name is missing',
      '3:16: usr is not known here; did you mean user?',
      '2:5: nme is not known here; did you mean name?',
    ]);
  });

  it.each([
    [
      'two cases of one name',
      'one\n    answer: x\n    expect: allow\n  - name: one',
      'another case of the name',
    ],
    ['an operation that there is not', 'one\n    operation: openai-chta', 'did you mean openai-chat?'],
    ['a body of no operation', 'one\n    request: { body: {} }', 'are of one operation: name it'],
    ['a body beside words', 'one\n    request: { body: {}, user: x }', 'a body stands alone'],
    [
      'a body as a stream',
      'one\n    operation: openai-chat\n    streamed: true\n    answer: { body: {} }',
      'a body arrives whole',
    ],
    ['a failure that there is not', 'one\n    failure: x', 'failure is not known here'],
    ['no exchange', 'one', 'a case has a request, an answer, or both'],
    ['a turn of two', 'one\n    request: { turns: [{ user: x, system: y }] }', 'a turn is one of its keys'],
  ])('does not take %s', (_, head, complaint) => {
    const isWhole = /request|operation|^one$/.test(head);
    const text = `cases:\n  - name: ${head}${isWhole ? '' : '\n    answer: x'}\n    expect: allow\n`;
    expect(complaintsOf(text).join('\n')).toContain(complaint);
  });

  it('says where it is no YAML', () => {
    expect(complaintsOf('cases: [')[0]).toMatch(/^1:9: /);
  });
});
