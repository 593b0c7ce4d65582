// What the admission policies hold by themselves: the webhook is gone, and pods come with sidecars that somebody wrote.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/cluster/admit/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { until } from '../../support/until.ts';
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

  describe('where Postern is required', () => {
    const CONFINED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    const made = (securityContext: object, more: object = {}): Promise<string> => {
      const containers = [{ name: 'app', image: 'app:1', securityContext }];
      const spec = { ...HARDENED, containers, ...more };
      return lock.refusal(lock.injected('asked', { spec }), 'must', '--dry-run=server');
    };
    const debugged = (securityContext: object): Promise<string> =>
      lock.change(
        'app',
        'must',
        { spec: { ephemeralContainers: [{ name: 'debug', image: 'debug:1', securityContext }] } },
        '--subresource=ephemeralcontainers',
        '--dry-run=server',
      );
    const WAYS: ReadonlyArray<[string, object, RegExp]> = [
      ['root', { ...CONFINED, runAsNonRoot: false }, /every container needs securityContext.runAsNonRoot/],
      ['all capabilities', { allowPrivilegeEscalation: false }, /capabilities that drop ALL/],
      [
        'a capability more',
        { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['SETUID'] } },
        /capabilities that drop ALL|nor have capabilities/,
      ],
      ['escalation', { capabilities: { drop: ['ALL'] } }, /allowPrivilegeEscalation: false/],
    ];
    beforeAll(() => lock.create(lock.injected('app', { spec: HARDENED }), 'must'));

    it.each(WAYS)('no container has %s', async (_what, securityContext, why) => {
      expect(await made(securityContext)).toMatch(why);
    });

    it('no container runs as its image says', async () => {
      const securityContext = { runAsNonRoot: true };
      expect(await made(CONFINED, { securityContext })).toMatch(
        /every container needs securityContext.runAsUser/,
      );
      expect(await made({ ...CONFINED, runAsUser: 7 }, { securityContext })).toBe('allowed');
    });

    it('connections are led by the kernel, where the namespace has it so', async () => {
      const settings = { injection: { interception: 'hosts' } };
      const led = lock.injected('led', { spec: HARDENED, settings });
      expect(await lock.refusal(led, 'must')).toMatch(
        /requires Postern as enforced, and nothing leads the connections/,
      );
      for (const namespace of ['guarded', 'meshed', 'in'])
        expect(await lock.refusal(led, namespace, '--dry-run=server')).toBe('allowed');
      await lock.api.kubectl('annotate', 'namespace', 'firmly', 'postern.dev/interception=hosts');
      await until(
        'the namespace says so',
        async () => (await lock.refusal(led, 'firmly', '--dry-run=server')) === 'allowed',
      );
    });

    it.each([
      'postern.postern-system',
      'postern.postern-system.svc',
      'postern.postern-system.svc.cluster.local',
    ])('the controller is where it is: %s', async (name) => {
      const aliases = (hostname: string): object => ({
        hostAliases: [{ ip: '10.0.0.1', hostnames: [hostname] }],
      });
      expect(await made(CONFINED, aliases(name))).toMatch(
        /nobody leads the name of its controller elsewhere/,
      );
      expect(await made(CONFINED, aliases('postern.postern-systems'))).toBe('allowed');
    });

    it.each(WAYS)('no ephemeral container has %s', async (_what, securityContext, why) => {
      expect(await debugged(securityContext)).toMatch(why);
    });

    it('a container that is confined may be, and may debug', async () => {
      const bound = { ...CONFINED, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } };
      for (const said of [await made(CONFINED), await made(bound), await debugged(CONFINED)])
        expect(said).toBe('allowed');
    });

    it.each(['hostPID', 'hostIPC', 'shareProcessNamespace'])('no pod has %s', async (name) => {
      expect(await made(CONFINED, { [name]: true })).toMatch(
        /a pod shares neither the network, nor processes/,
      );
    });

    it('pods that were there before can be changed, and end', async () => {
      await lock.addNamespace('later');
      await lock.create(lock.injected('root', { metadata: { finalizers: ['corp.example/last'] } }), 'later');
      await lock.api.kubectl('label', 'namespace', 'later', 'postern.dev/require=true');
      expect(await lock.refusal(lock.injected('next'), 'later', '--dry-run=server')).toMatch(/runAsNonRoot/);
      expect(await lock.change('root', 'later', { metadata: { finalizers: null } })).toBe('allowed');
    });
  });

  describe('the user of the sidecar', () => {
    const uidOf = ({ spec }: Json): number =>
      (
        spec as { initContainers: { name: string; securityContext: { runAsUser: number } }[] }
      ).initContainers.find(({ name }) => name === 'postern')?.securityContext.runAsUser ?? 0;
    type Spec = Record<string, Record<string, unknown>[]> & { securityContext?: object };
    const made = (change: (spec: Spec, uid: number) => void): Promise<string> => {
      const asked = structuredClone(lock.injected('asked')) as { spec: Spec };
      change(asked.spec, uidOf(asked));
      return lock.refusal(asked, 'in', '--dry-run=server');
    };

    it('is nobody else: not the pod, not a container, nor one of initialisation', async () => {
      const other = (runAsUser: number): Record<string, unknown> => ({
        name: 'other',
        image: 'other:1',
        securityContext: { runAsUser },
      });
      for (const change of [
        (spec: Spec, runAsUser: number) => void (spec.securityContext = { runAsUser }),
        (spec: Spec, runAsUser: number) => void spec['containers']?.push(other(runAsUser)),
        (spec: Spec, runAsUser: number) => void spec['initContainers']?.push(other(runAsUser)),
      ])
        expect(await made(change)).toMatch(/as the user of the sidecar/);
    });

    it('is not an ephemeral container', async () => {
      const app = JSON.parse(await lock.api.kubectl('get', 'pod', 'app', '-n', 'in', '-o', 'json')) as Json;
      expect(await debugging({ securityContext: { runAsUser: uidOf(app) } })).toMatch(
        /as the user of the sidecar/,
      );
    });

    it.each([
      ['looks into the sidecar', { targetContainerName: 'postern' }],
      ['is privileged', { securityContext: { privileged: true } }],
      ['has a capability', { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } }],
    ])('has no guest that %s', async (_what, more) => {
      expect(await debugging(more)).toMatch(/may neither look into the sidecar nor have capabilities/);
    });

    it('lets others debug the application', async () => {
      expect(await debugging({ targetContainerName: 'app' })).toBe('allowed');
    });

    it.each(['exec', 'attach'])('is not who comes by %s', async (verb) => {
      const call = (container: string): Promise<string> =>
        refusalOf(
          lock.api.kubectl(
            verb,
            'app',
            '-n',
            'in',
            '-c',
            container,
            ...(verb === 'exec' ? ['--', 'sh'] : []),
          ),
        );
      for (const name of ['postern', 'postern-init'])
        expect(await call(name)).toMatch(/nobody goes into the sidecar/);
      expect(await call('app')).not.toMatch(/nobody goes into the sidecar/);
    });
  });

  describe('a pod that has no sidecar', () => {
    const saying = (said: string): object => ({ annotations: { 'postern.dev/inject': said } });

    it.each([{ labels: { 'postern.dev/inject': 'x' } }, saying('x'), saying('yes')])(
      'is not exempt by what nobody understands: %j',
      async (metadata) => {
        expect(await lock.refusal(pod('junk', {}, metadata), 'in')).toMatch(/of this pod is not understood/);
      },
    );

    it('is refused where it, or its namespace, is opted in, and may opt out', async () => {
      expect(await lock.refusal(pod('bare'), 'in')).toMatch(/this pod is opted in/);
      expect(await lock.refusal(pod('bare', {}, saying('true')), 'out')).toMatch(/this pod is opted in/);
      expect(await lock.refusal(pod('bare', {}, saying('false')), 'in', '--dry-run=server')).toBe('allowed');
      expect(await lock.refusal(pod('bare'), 'out', '--dry-run=server')).toBe('allowed');
    });

    it.each([
      { hostNetwork: true },
      { nodeSelector: { 'kubernetes.io/os': 'windows' } },
      { nodeSelector: { type: 'virtual-kubelet' } },
    ])('is let be where the injector has a reason: %j', async (spec) => {
      expect(await lock.refusal(pod('bare', spec), 'in', '--dry-run=server')).toBe('allowed');
    });

    it('is refused everywhere where the chart opts in by default', async () => {
      await lock.apply('--set', 'injection.inject=enabled');
      await until('the default counts', async () =>
        /this pod is opted in/.test(await lock.refusal(pod('bare'), 'out', '--dry-run=server')),
      );
      expect(await lock.refusal(pod('bare', {}, saying('false')), 'out', '--dry-run=server')).toBe('allowed');
      await lock.apply();
      await until(
        'it counts no longer',
        async () => (await lock.refusal(pod('bare'), 'out', '--dry-run=server')) === 'allowed',
      );
    });
  });

  describe('a running pod', () => {
    it.each([[[]], [['--subresource=status']]])('keeps what was written on it: %j', async (how) => {
      for (const key of ['status', 'policy-channel']) {
        const annotations = { [`postern.dev/${key}`]: 'x' };
        expect(await lock.change('app', 'in', { metadata: { annotations } }, ...how)).toMatch(
          /written once, as it is made/,
        );
      }
      const labels = { 'postern.dev/injected': null };
      expect(await lock.change('app', 'in', { metadata: { labels } }, ...how)).toMatch(
        /written once, as it is made/,
      );
      expect(await lock.change('app', 'in', { metadata: { labels: { other: 'x' } } }, ...how)).toBe(
        'allowed',
      );
    });

    it('is bound to a node without a word of ours', async () => {
      const bound = (annotations: object): Promise<string> =>
        refusalOf(
          lock.kubectl(['create', '--raw', '/api/v1/namespaces/in/pods/app/binding'], {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name: 'app', annotations },
            target: { apiVersion: 'v1', kind: 'Node', name: 'node' },
          }),
        );
      expect(await bound({ 'postern.dev/status': 'x' })).toMatch(/written once, as it is made/);
      expect(await bound({ other: 'x' })).toBe('allowed');
    });

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
