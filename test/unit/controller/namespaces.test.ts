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
      spec: { containers: [{ env: [{ name: 'A', value: 'x'.repeat(100_000) }] }] },
      status: { phase: 'Running', conditions: [{}] },
    };
    expect(keepPod(pod)).toEqual({
      metadata: { name: 'p', namespace: 'n', uid: 'u', resourceVersion: '3' },
      status: { phase: 'Running' },
    });
    expect(JSON.stringify(keepPod(pod)).length).toBeLessThan(200);
  });
});
