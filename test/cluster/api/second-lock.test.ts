// What the admission policies hold by themselves: the webhook is gone, and pods come with sidecars that somebody wrote.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/cluster/admit/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { refusalOf, SecondLock } from '../../support/second-lock.ts';

(canStartApiServer && canRender ? describe : describe.skip)('the second lock', () => {
  let lock: SecondLock;
  beforeAll(async () => {
    lock = await SecondLock.start();
    await lock.create(lock.injected('app'), 'in');
  });
  afterAll(() => lock[Symbol.asyncDispose]());

  const debugging = (more: object): Promise<string> =>
    lock.change(
      'app',
      'in',
      { spec: { ephemeralContainers: [{ name: 'debug', image: 'debug:1', ...more }] } },
      '--subresource=ephemeralcontainers',
      '--dry-run=server',
    );

  describe('a volume of the sidecar', () => {
    const pod = (): Json => lock.injected('mounts');
    const mounting = (volume: string, more: object = {}): object => ({
      volumeMounts: [{ name: `postern-${volume}`, mountPath: '/x', ...more }],
    });
    const asked = (more: object, list = 'containers'): Promise<string> => {
      const made = pod() as { spec: Record<string, object[]> };
      made.spec[list]?.push({ name: 'thief', image: 'thief:1', ...more });
      return lock.refusal(made, 'in', '--dry-run=server');
    };

    it.each(['state', 'bundle', 'identity', 'keys'])('is mounted by nobody else: %s', async (volume) => {
      for (const list of ['containers', 'initContainers'])
        expect(await asked(mounting(volume), list)).toMatch(/mount a volume of the sidecar's/);
      expect(await debugging(mounting(volume))).toMatch(/mount a volume of the sidecar's/);
    });

    it('is written by nobody else, where all may read it', async () => {
      expect(await asked(mounting('trust'))).toMatch(/mount a volume of the sidecar's/);
      expect(await asked(mounting('trust', { readOnly: true }))).toBe('allowed');
    });
  });

  describe('a running pod', () => {
    it.each(['postern', 'postern-init'])('keeps the image of %s', async (name) => {
      const changed = refusalOf(lock.api.kubectl('set', 'image', 'pod/app', `${name}=evil:1`, '-n', 'in'));
      expect(await changed).toMatch(/images of Postern's containers stay as they are/);
    });

    it('may have another image of its application', async () => {
      expect(await refusalOf(lock.api.kubectl('set', 'image', 'pod/app', 'app=app:2', '-n', 'in'))).toBe(
        'allowed',
      );
    });
  });
});
