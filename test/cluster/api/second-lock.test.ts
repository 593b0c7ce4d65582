// What the admission policies hold by themselves: the webhook is gone, and pods come with sidecars that somebody wrote.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { pod } from '../../support/installation.ts';
import { HARDENED, refusalOf, SecondLock } from '../../support/second-lock.ts';

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
    const mounting = (volume: string, more: object = {}): object => ({
      volumeMounts: [{ name: `postern-${volume}`, mountPath: '/x', ...more }],
    });
    const asked = (more: object, list = 'containers'): Promise<string> => {
      const made = lock.injected('mounts') as { spec: Record<string, object[]> };
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

  describe('the labels of a namespace', () => {
    const label = (namespace: string, ...words: readonly string[]): Promise<string> =>
      refusalOf(
        lock.api.kubectl('label', 'namespace', namespace, '--overwrite', '--dry-run=server', ...words),
      );

    it.each(['inject=yes', 'require=on', 'allow-exclusions=1'])(
      'are understood, or refused: %s',
      async (said) => {
        expect(await label('out', `postern.dev/${said}`)).toMatch(
          /are to be enabled, disabled, true or false/,
        );
      },
    );

    it('may be anything that is understood', async () => {
      expect(await label('out', 'postern.dev/inject=false', 'postern.dev/require=enabled')).toBe('allowed');
    });

    it('that were there before keep pods from starting bare, and nobody from changing others', async () => {
      expect(await lock.refusal(pod('bare'), 'odd')).toMatch(
        /label postern.dev\/… of this namespace is not understood/,
      );
      expect(await label('odd', 'other=1')).toBe('allowed');
    });

    it.each(['firmly', 'must'])('require a sidecar, said either way: %s', async (namespace) => {
      expect(await lock.refusal(pod('bare', HARDENED), namespace)).toMatch(/this namespace requires Postern/);
      const root = lock.injected('root');
      expect(await lock.refusal(root, namespace)).toMatch(
        /every container needs securityContext.runAsNonRoot/,
      );
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
