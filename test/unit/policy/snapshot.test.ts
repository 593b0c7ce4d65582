import { describe, expect, it } from '@jest/globals';
import { READS_EVERYTHING } from '../../../src/gate/decide/index.ts';
import { openSnapshot, readBundle, type Bundle } from '../../../src/policy/index.ts';
import { aBundle, compileWasm } from '../../support/bundles.ts';

const ANSWERING = 'package postern.main\nresult := {"test.policy": {"deny": set()}}';
const SILENT_ON_ANSWERS = `${ANSWERING} if input.phase == "request"`;

describe('a snapshot', () => {
  const bundleOf = async (rego: string, data = {}): Promise<Bundle> => {
    const bundle = readBundle(aBundle({ wasm: await compileWasm(rego), data }));
    if (!bundle.ok) throw new Error(bundle.error.message);
    return bundle.value;
  };

  it('holds what an exchange is judged by, and cannot be changed', async () => {
    const bundle = await bundleOf(ANSWERING);
    const opened = await openSnapshot(bundle, {});
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    expect(opened.value).toMatchObject({
      digest: bundle.digest,
      revision: 'r1',
      policyIds: ['test.policy'],
      reads: READS_EVERYTHING,
    });
    expect(Object.isFrozen(opened.value)).toBe(true);
  });

  it('takes the mode of the configuration over the one a policy gives itself', async () => {
    const bundle = await bundleOf(ANSWERING);
    expect(await openSnapshot(bundle, {})).toMatchObject({ value: { modes: { 'test.policy': 'enforce' } } });
    expect(await openSnapshot(bundle, { modes: { 'test.policy': 'audit' } })).toMatchObject({
      value: { modes: { 'test.policy': 'audit' } },
    });
  });

  it('looks for the patterns of its data', async () => {
    const patterns = [{ id: 'team.codename', literal: 'Bluebird', severity: 'high' }];
    const opened = await openSnapshot(await bundleOf(ANSWERING, { patterns }), {});
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const context = { origin: 'user', lane: '0.0.text', kind: 'text' } as const;
    expect(opened.value.inspector.inspectText('about bluebird', context)).toEqual([
      expect.objectContaining({ code: 'team.codename' }),
    ]);
  });

  it('is not opened when it has no answer for one of the phases', async () => {
    expect(await openSnapshot(await bundleOf(SILENT_ON_ANSWERS), {})).toMatchObject({
      ok: false,
      error: [{ code: 'bundle.evaluation' }],
    });
  });
});
