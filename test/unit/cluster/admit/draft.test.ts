import { describe, expect, it } from '@jest/globals';
import { Draft } from '../../../../src/cluster/admit/draft.ts';
import { applyOperations } from '../../../../src/cluster/admit/index.ts';

describe('a draft', () => {
  it('remembers what stood there as it was, not as it becomes', () => {
    const draft = new Draft({ metadata: {}, spec: { list: null } });
    draft.put('/metadata/labels', 'a/b~c', '1');
    draft.put('/metadata/labels', 'd', '2');
    draft.extend('/spec/list', [1]);
    expect(draft.before).toEqual({ '/metadata': {}, '/spec/list': null });
    expect(draft.operations).toEqual([
      { op: 'add', path: '/metadata/labels', value: { 'a/b~c': '1' } },
      { op: 'add', path: '/metadata/labels/d', value: '2' },
      { op: 'add', path: '/spec/list', value: [1] },
    ]);
  });

  it('makes the objects above what it puts, where there are none', () => {
    const draft = new Draft({});
    draft.extend('/spec/securityContext/sysctls', [1]);
    expect(draft.operations).toEqual([
      { op: 'add', path: '/spec', value: { securityContext: { sysctls: [1] } } },
    ]);
  });

  it('puts at the head in order, and behind the end', () => {
    const draft = new Draft({ list: [3] });
    draft.extend('/list', [1, 2], 'head');
    draft.extend('/list', [4]);
    expect(draft.document).toEqual({ list: [1, 2, 3, 4] });
    expect(applyOperations({ list: [3] }, draft.operations)).toEqual(draft.document);
  });

  it('takes keys such as __proto__ for keys', () => {
    const odd = JSON.parse('{"__proto__": {"x": 1}, "list": []}') as Record<string, unknown>;
    const draft = new Draft(odd);
    draft.put('/__proto__', 'y', 2);
    expect(JSON.stringify(draft.document)).toBe('{"__proto__":{"x":1,"y":2},"list":[]}');
    expect({}).not.toHaveProperty('y');
  });
});
