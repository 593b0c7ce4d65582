// Whole pods in, whole verdicts out; and what holds for every one that gets a sidecar.
import { describe, expect, it } from '@jest/globals';
import { applyOperations, withdrawFrom, type Json } from '../../../../src/cluster/admit/index.ts';
import { formatIssue, parseConfig } from '../../../../src/config/index.ts';
import { caseOf, CASES, inject, INJECTED } from '../../../support/admission-cases.ts';
import { admit } from '../../../support/admission.ts';
import { expectedOf } from '../../../support/golden.ts';

describe('a pod', () => {
  it.each(CASES)('gets what is expected: %s', (name) => {
    const verdict = JSON.parse(JSON.stringify(admit(caseOf(name)))) as unknown;
    expect(verdict).toEqual(expectedOf(`admit/${name}`, verdict));
  });
});

describe.each(INJECTED)('a pod with a sidecar (%s)', (name) => {
  const pod = inject(caseOf(name));

  it('needs nothing more', () => {
    expect(admit({ ...caseOf(name), pod })).toMatchObject({ kind: 'patch', operations: [] });
  });

  it('becomes what it was when the sidecar is taken out, byte for byte', () => {
    const bare = applyOperations(pod, withdrawFrom(pod) ?? []);
    expect(JSON.stringify(bare)).toBe(JSON.stringify(caseOf(name).pod));
  });

  it('tells its sidecar what a sidecar understands', () => {
    const { env } = sidecarOf(pod);
    const variables = Object.fromEntries(
      env.flatMap(({ name: key, value }) => (value === undefined ? [] : [[key, value]])),
    );
    const parsed = parseConfig({ file: 'env', text: '{}', env: variables });
    expect(parsed.ok ? [] : parsed.error.map(formatIssue)).toEqual([]);
  });

  it('has a sidecar that the restricted level of Pod Security admits', () => {
    expect(sidecarOf(pod).securityContext).toEqual({
      runAsUser: expect.any(Number),
      runAsGroup: expect.any(Number),
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      seccompProfile: { type: 'RuntimeDefault' },
      capabilities: { drop: ['ALL'] },
    });
  });
});

interface Sidecar {
  readonly name: string;
  readonly env: ReadonlyArray<{ readonly name: string; readonly value?: string }>;
  readonly securityContext: unknown;
}

function sidecarOf(pod: Json): Sidecar {
  const { initContainers } = pod['spec'] as { initContainers: readonly Sidecar[] };
  const found = initContainers.find(({ name }) => name === 'postern');
  if (found === undefined) throw new Error('There is a sidecar.');
  return found;
}
