import { describe, expect, it } from '@jest/globals';
import { keepPod } from '../../../src/controller/namespaces.ts';

describe('what is held of a pod', () => {
  it('is who it is and whether it has ended, and nothing that its author wrote', () => {
    const pod = {
      metadata: {
        name: 'p',
        namespace: 'n',
        uid: 'u',
        resourceVersion: '3',
        labels: { 'postern.dev/injected': 'true' },
        annotations: { large: 'x'.repeat(100_000) },
      },
      spec: {
        initContainers: [{ name: 'postern' }],
        containers: [{ env: [{ name: 'A', value: 'x'.repeat(100_000) }] }],
      },
      status: { phase: 'Running', conditions: [{}] },
    };
    expect(keepPod(pod)).toEqual({
      metadata: { name: 'p', namespace: 'n', uid: 'u', resourceVersion: '3' },
      isLive: true,
    });
    expect(JSON.stringify(keepPod(pod)).length).toBeLessThan(200);
  });

  it('counts where it has a sidecar, whatever its label says, and has not ended', () => {
    const metadata = { name: 'p', namespace: 'n', labels: { 'postern.dev/injected': 'true' } };
    const spec = { initContainers: [{ name: 'setup' }, { name: 'postern' }] };
    const isLive = (pod: object) => keepPod({ metadata, ...pod }).isLive;
    expect(isLive({ spec })).toBe(true);
    expect(isLive({ spec, status: { phase: 'Succeeded' } })).toBe(false);
    expect(isLive({ spec: { containers: [{ name: 'postern' }] } })).toBe(false);
    expect(isLive({})).toBe(false);
  });
});
