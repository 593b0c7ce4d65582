import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { openDirectorySource, PolicyStore, spawnCompiler } from '../../src/policy/index.ts';
import { MountedConfigMap } from '../support/kubelet.ts';
import { until } from '../support/until.ts';

const POLICY = `# METADATA
# title: Long turns
# description: Refuses turns that are longer than the team wants.
package postern.policies.team.turns

deny contains "The turn is too long." if {
	some part in input.parts
	part.chars > 10
}
`;
const BROKEN = POLICY.replace('part.chars > 10', 'part.chars > ten');

describe('a mounted ConfigMap of Rego', () => {
  it('is compiled by the program itself, and a mistake is told by file, row and column', async () => {
    await using volume = await MountedConfigMap.mount({ 'turns.rego': POLICY });
    const store = new PolicyStore();
    const log = { info: (): void => undefined, warn: (): void => undefined };
    const compile = spawnCompiler(join(import.meta.dirname, '../../src/main.ts'));
    const modes = { 'team.turns': 'audit' } as const;
    await using _source = openDirectorySource({
      directory: volume.directory,
      modes,
      namespace: '',
      store,
      trust: null,
      compile,
      log,
    });
    await until('it is in force', () => store.current() !== null, 30_000);
    expect(store.current()?.policyIds).toContain('team.turns');
    expect(store.current()?.modes).toMatchObject({ 'team.turns': 'audit' });
    expect(store.current()?.evaluator.evaluate({ parts: [{ chars: 11 }] })).toMatchObject({
      'team.turns': { deny: ['The turn is too long.'] },
    });
    await volume.update({ 'turns.rego': BROKEN });
    await until('the mistake is noticed', () => store.status().state === 'degraded', 30_000);
    expect(store.status()).toMatchObject({
      digest: store.current()?.digest,
      failure: { issues: [{ file: 'turns.rego', row: 8, col: 2, code: 'rego_unsafe_var_error' }] },
    });
  }, 70_000);
});
