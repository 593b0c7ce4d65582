// Sidecars that somebody wrote, while the webhook is gone: what the admission policies take for one of Postern's, and what not.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/cluster/admit/index.ts';
import { caseOf, inject, INJECTED } from '../../support/admission-cases.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { until } from '../../support/until.ts';
import { pod } from '../../support/installation.ts';
import { SecondLock } from '../../support/second-lock.ts';

(canStartApiServer && canRender ? describe : describe.skip)('the second lock', () => {
  let lock: SecondLock;
  beforeAll(async () => {
    lock = await SecondLock.start();
  });
  afterAll(() => lock[Symbol.asyncDispose]());

  describe('the image of a sidecar', () => {
    const withImage = (image: string): Promise<string> =>
      lock.refusal(
        lock.injected('version', { settings: { injection: { image: { reference: image } } } }),
        'in',
        '--dry-run=server',
      );
    const [OLD, NEW] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`);

    it.each(['postern:0.0.9', `postern:9.0.0@${String(NEW)}`, `postern@${String(OLD)}`])(
      'is any version of it, without a pinned digest: %s',
      async (image) => {
        expect(await withImage(image)).toBe('allowed');
      },
    );

    it.each(['evil:1', 'corp.example/postern:0.1.0', 'postern:5000/evil:1', 'postern@sha256:evil'])(
      'is no other: %s',
      async (image) => {
        expect(await withImage(image)).toMatch(/must be the sidecar that Postern injects, with its image/);
      },
    );

    it('is the pinned one; and during an upgrade those that were pinned before', async () => {
      const pinned = ['--set', `image.digest=${String(NEW)}`];
      await lock.apply(...pinned);
      await until(
        'the old one is refused',
        async () => (await withImage(`postern@${String(OLD)}`)) !== 'allowed',
      );
      expect(await withImage(`postern@${String(NEW)}`)).toBe('allowed');
      expect(await withImage('postern:0.1.0')).toMatch(/with its image/);
      await lock.apply(...pinned, '--set', `injection.previousImages={postern@${String(OLD)}}`);
      await until(
        'the old one is taken',
        async () => (await withImage(`postern@${String(OLD)}`)) === 'allowed',
      );
      expect(await withImage(`postern@${String(NEW)}`)).toBe('allowed');
      await lock.apply();
      await until('no digest is pinned', async () => (await withImage('postern:0.1.0')) === 'allowed');
    });
  });

  describe('a sidecar that somebody wrote', () => {
    type Container = Record<string, unknown>;
    type Spec = Record<string, Container[]> & { nodeSelector?: object };
    const made = (change: (spec: Spec, sidecar: Container, init: Container) => void): Promise<string> => {
      const asked = structuredClone(lock.injected('fake')) as { spec: Spec };
      const [init = {}, sidecar = {}] = asked.spec['initContainers'] ?? [];
      change(asked.spec, sidecar, init);
      return lock.refusal(asked, 'in', '--dry-run=server');
    };
    const list = (owner: Container, key: string): Container[] => owner[key] as Container[];
    const set = (key: string, value: unknown) => (_spec: Spec, sidecar: Container) =>
      void (sidecar[key] = value);
    const setInit = (key: string, value: unknown) => (_spec: Spec, _sidecar: Container, init: Container) =>
      void (init[key] = value);
    const without = (key: string, name: string) => (_spec: Spec, sidecar: Container) =>
      void (sidecar[key] = list(sidecar, key).filter((each) => each['name'] !== name));
    const push = (key: string, value: Container) => (_spec: Spec, sidecar: Container) =>
      void list(sidecar, key).push(value);
    const confine = (more: object) => (_spec: Spec, sidecar: Container) =>
      void Object.assign(sidecar['securityContext'] as object, more);
    const confineInit = (more: object) => (_spec: Spec, _sidecar: Container, init: Container) =>
      void Object.assign(init['securityContext'] as object, more);
    const volume = (name: string, source: object) => (spec: Spec) =>
      void (spec['volumes'] = (spec['volumes'] ?? []).map((each) =>
        each['name'] === name ? { name, ...source } : each,
      ));
    const policy = (value: string) => (_spec: Spec, sidecar: Container) =>
      void Object.assign(list(sidecar, 'env').find(({ name }) => name === 'POSTERN__POLICY') ?? {}, {
        value,
      });

    const RUNS = /runs its image as it is, with the argument "sidecar"/;
    const CONFINED = /the container "postern" is confined/;
    const SETTINGS = /has the settings that the injector writes/;
    const MOUNTS = /has its own volumes, where they belong/;
    const VOLUMES = /are of the kind that the injector makes/;
    const INIT = /a container called "postern-init" must be the one/;

    it('as the injector does may be', async () => {
      expect(await made(() => undefined)).toBe('allowed');
    });

    it.each(INJECTED)('as the injector makes it of every golden pod may be: %s', async (name) => {
      const { pod: bare, ...rest } = caseOf(name);
      const { namespace: _elsewhere, ...metadata } = bare['metadata'] as Json;
      const spec = { ...(bare['spec'] as Json), serviceAccountName: 'default' };
      const asked = inject({ ...rest, pod: { ...bare, metadata, spec } });
      const said = await lock.refusal(asked, 'out', '--dry-run=server', '--validate=false');
      // It has another image, which this installation does not allow.
      expect(said).toMatch(name === 'resources-and-image' ? /with its image/ : /^allowed$/);
    });

    it.each<[string, Parameters<typeof made>[0], RegExp]>([
      ['runs something else', set('command', ['sleep']), RUNS],
      ['is told something else', set('args', ['init']), RUNS],
      ['is told nothing', set('args', undefined), RUNS],
      ['has a hook', set('lifecycle', { postStart: { exec: { command: ['x'] } } }), RUNS],
      ['holds up nobody', set('startupProbe', undefined), RUNS],
      ['is asked otherwise', set('livenessProbe', { exec: { command: ['x'] } }), RUNS],
      [
        'starts once',
        (_spec, sidecar) => {
          for (const key of ['restartPolicy', 'startupProbe', 'livenessProbe']) delete sidecar[key];
        },
        /must be the sidecar that Postern injects/,
      ],
      ['has no user', confine({ runAsUser: undefined }), /is confined|has no user of its own/],
      ['has a capability', confine({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } }), CONFINED],
      ['may escalate', confine({ allowPrivilegeEscalation: true }), CONFINED],
      ['may write', confine({ readOnlyRootFilesystem: false }), CONFINED],
      ['may be root', confine({ runAsNonRoot: false }), CONFINED],
      ['has no settings', set('env', undefined), SETTINGS],
      ['lacks a setting', without('env', 'POSTERN__UPSTREAMS'), SETTINGS],
      ['has a setting twice', push('env', { name: 'POSTERN__POLICY', value: '{}' }), SETTINGS],
      ['has a part of a setting', push('env', { name: 'POSTERN__POLICY__DIRECTORY', value: '/x' }), SETTINGS],
      ['loads a program', push('env', { name: 'NODE_OPTIONS', value: '--require /x' }), SETTINGS],
      ['has another controller', policy('{"directory":"/x"}'), SETTINGS],
      ['lacks its identity', without('volumeMounts', 'postern-identity'), MOUNTS],
      [
        'has its policies elsewhere',
        push('volumeMounts', { name: 'postern-state', mountPath: '/x' }),
        MOUNTS,
      ],
      ['has policies of others', volume('postern-bundle', { configMap: { name: 'mine' } }), VOLUMES],
      ['has a state that stays', volume('postern-state', { hostPath: { path: '/x' } }), VOLUMES],
      [
        'trusts others',
        volume('postern-identity', { projected: { sources: [{ configMap: { name: 'mine' } }] } }),
        VOLUMES,
      ],
      ['has another image to redirect', setInit('image', 'evil:1'), INIT],
      ['has another program to redirect', setInit('command', ['sh']), INIT],
      ['has other rules', setInit('args', ['flush ruleset']), INIT],
      ['exempts another user', setInit('args', ['add table inet postern\nmeta skuid 7 return']), INIT],
      [
        'redirects with more',
        confineInit({ capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'SYS_ADMIN'] } }),
        INIT,
      ],
      ['redirects and escalates', confineInit({ allowPrivilegeEscalation: true }), INIT],
      ['redirects with a library', setInit('env', [{ name: 'LD_PRELOAD', value: '/x' }]), INIT],
    ])('and that %s is refused', async (_how, change, why) => {
      expect(await made(change)).toMatch(why);
    });

    it('with something over its program is refused', async () => {
      const over = (spec: Spec, sidecar: Container): void => {
        spec['volumes']?.push({ name: 'mine', emptyDir: {} });
        list(sidecar, 'volumeMounts').push({ name: 'mine', mountPath: '/app' });
      };
      expect(await made(over)).toMatch(MOUNTS);
    });

    it('may have what other injectors add to all containers', async () => {
      const added = (spec: Spec, sidecar: Container, init: Container): void => {
        spec['volumes']?.push({ name: 'aws', emptyDir: {} });
        const mount = { name: 'aws', mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount' };
        list(sidecar, 'volumeMounts').push(mount);
        list(sidecar, 'env').push({ name: 'AWS_ROLE_ARN', value: 'x' });
        init['volumeMounts'] = [mount];
      };
      expect(await made(added)).toBe('allowed');
    });

    it.each(['postern', 'postern-init'])('is no container of the application: %s', async (name) => {
      const asked = (spec: Spec): void => void spec['containers']?.push({ name, image: 'postern:0.1.0' });
      expect(await made(asked)).toMatch(/are taken|Duplicate/);
      expect(
        await lock.refusal(pod('fake', { containers: [{ name, image: 'postern:0.1.0' }] }), 'out'),
      ).toMatch(/are taken/);
    });

    it('has its redirection beside it, and no redirection is alone', async () => {
      const alone = (spec: Spec): void => void spec['initContainers']?.splice(1, 1);
      const asked = structuredClone(lock.injected('fake')) as { spec: Spec };
      alone(asked.spec);
      expect(await lock.refusal(asked, 'out')).toMatch(INIT);
    });

    it('costs the API server little, in a pod with a hundred containers', async () => {
      const containers = Array.from({ length: 100 }, (_, index) => ({
        name: `c${index}`,
        image: 'c:1',
        env: Array.from({ length: 40 }, (_each, number) => ({ name: `V${number}`, value: 'x' })),
      }));
      expect(
        await lock.refusal(lock.injected('large', { spec: { containers } }), 'in', '--dry-run=server'),
      ).toBe('allowed');
    });
  });
});
