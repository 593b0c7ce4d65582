// Pods that would rather go without a sidecar, or with one of their own making; numbers are rows of the threat model.
import { describe, expect, it } from '@jest/globals';
import { applyOperations, DrawnUids, type Json } from '../../../../src/cluster/admit/index.ts';
import {
  admit,
  countedUids,
  deniedFor,
  NAMESPACE,
  patched,
  podOf,
  settingsFrom,
  UID,
} from '../../../support/admission.ts';

const REQUIRED = { ...NAMESPACE, labels: { ...NAMESPACE.labels, 'postern.dev/require': 'true' } };
const container = (name: string, rest: object = {}): object => ({ name, image: `${name}:1`, ...rest });
const runningAs = (runAsUser: number): object => ({ securityContext: { runAsUser } });
const countedFrom = (first: number) => (): number => first++;
const onlyUid = { draw: () => UID, isOurs: () => true };

describe('who runs as the sidecar (threat 3)', () => {
  it.each<[string, object]>([
    ['the pod', runningAs(UID)],
    ['a container', { containers: [container('chat', runningAs(UID))] }],
    ['a container of initialisation', { initContainers: [container('first', runningAs(UID))] }],
    ['an ephemeral container', { ephemeralContainers: [container('debug', runningAs(UID))] }],
  ])('is not %s: another uid is drawn, or none is left', (_who, spec) => {
    const { status } = patched({ pod: podOf(spec), uids: countedUids() });
    expect(status.uid).toBe(UID + 1);
    expect(deniedFor({ pod: podOf(spec), uids: onlyUid })).toContain('is free for the sidecar');
  });

  it('is refused where it is said after the sidecar was there', () => {
    const { operations } = patched({ pod: podOf() });
    const pod = applyOperations(podOf(), operations);
    const spec = { ...(pod['spec'] as object), ...runningAs(UID) };
    expect(deniedFor({ pod: { ...pod, spec } })).toContain(`uid ${UID} is the sidecar’s`);
  });

  it('is not chosen by the pod itself: a uid that was not drawn a moment ago is drawn anew', () => {
    let now = 0;
    const uids = new DrawnUids(
      () => 777_777,
      () => now,
    );
    const pod = podOf({}, { annotations: { 'postern.dev/status': forged(424_242) } });
    expect(patched({ pod, uids }).status.uid).toBe(777_777);
    const first = patched({ pod: podOf(), uids });
    const again = applyOperations(podOf(), first.operations);
    expect(patched({ pod: again, uids }).operations).toEqual([]);
    now = 30_001;
    expect(uids.isOurs(777_777)).toBe(false);
  });

  it('is never somebody whom others are by habit', () => {
    const drawn = [1337, 2102, 65_532, 65_534, 1000, 0, 200_000];
    const settings = { injection: { uid_range: { first: 10_000, last: 300_000 } } };
    const uids = { draw: () => drawn.shift() ?? 0, isOurs: () => true };
    expect(patched({ pod: podOf(), uids, settings }).status.uid).toBe(200_000);
    const openshift = { ...NAMESPACE, annotations: { 'openshift.io/sa.scc.uid-range': '1330/20' } };
    const lower = { draw: countedFrom(1337), isOurs: () => true };
    expect(patched({ pod: podOf(), uids: lower, namespace: openshift }).status.uid).toBe(1338);
  });
});

const forged = (uid: number, rest: object = {}): string =>
  JSON.stringify({ uid, containers: ['postern'], volumes: [], ...rest });

describe('who could undo the rules (threat 4)', () => {
  it.each<[string, object]>([
    ['chat: NET_ADMIN', { containers: [container('chat', adding('NET_ADMIN'))] }],
    ['chat: SETUID', { containers: [container('chat', adding('cap_setuid'))] }],
    ['first: SYS_PTRACE', { initContainers: [container('first', adding('SYS_PTRACE'))] }],
    ['chat: privileged', { containers: [container('chat', { securityContext: { privileged: true } })] }],
    ['hostPID', { hostPID: true }],
    ['shareProcessNamespace', { shareProcessNamespace: true }],
  ])('is refused where Postern is required, and lowers the grade elsewhere: %s', (what, spec) => {
    expect(deniedFor({ pod: podOf(spec), namespace: REQUIRED })).toContain(what);
    const { status, warnings } = patched({ pod: podOf(spec) });
    expect([status.mode, status.grade]).toEqual(['env+redirect', 'guarded']);
    expect(warnings.join('\n')).toContain('grade guarded, not enforced');
  });

  it.each<[string, object, string]>([
    ['as it comes', {}, 'guarded'],
    ['without capabilities', { capabilities: { drop: ['ALL'] } }, 'enforced'],
    ['not root, and never more', { runAsUser: 10_001, allowPrivilegeEscalation: false }, 'enforced'],
    ['not root, said otherwise', { runAsNonRoot: true, allowPrivilegeEscalation: false }, 'enforced'],
    ['not root, but it may become it', { runAsUser: 10_001 }, 'guarded'],
    ['root without escalation', { runAsUser: 0, allowPrivilegeEscalation: false }, 'guarded'],
  ])('is whoever may become anybody: %s', (_who, securityContext, grade) => {
    const pod = podOf({ containers: [container('chat', { securityContext })] });
    expect(patched({ pod }).status.grade).toBe(grade);
  });
});

function adding(capability: string): object {
  return { securityContext: { capabilities: { add: [capability] } } };
}

describe('who brings a sidecar along (threat 5)', () => {
  it.each<[string, object]>([
    ['a container is called postern', { containers: [container('postern')] }],
    [
      'a container is called postern',
      { initContainers: [container('postern', { restartPolicy: 'Always' })] },
    ],
    ['a container is called postern-init', { initContainers: [container('postern-init')] }],
    ['a container is called postern', { ephemeralContainers: [container('postern')] }],
    ['a volume is called postern-trust', { volumes: [{ name: 'postern-trust', emptyDir: {} }] }],
    [
      'where trust files go',
      { containers: [container('chat', { volumeMounts: [{ name: 'x', mountPath: '/run/postern/trust' }] })] },
    ],
    ['Postern’s port', { containers: [container('chat', { ports: [{ containerPort: 7411 }] })] }],
  ])('is refused: %s', (message, spec) => {
    expect(deniedFor({ pod: podOf(spec) })).toContain(message);
  });

  it.each(['state', 'bundle', 'identity', 'trust', 'keys', 'credentials'])(
    'does not get at the volume that comes with it: postern-%s',
    (volume) => {
      const mounting = { volumeMounts: [{ name: `postern-${volume}`, mountPath: '/x' }] };
      const message = `mounts postern-${volume}, which is Postern’s own`;
      for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
        expect(deniedFor({ pod: podOf({ [list]: [container('thief', mounting)] }) })).toContain(message);
    },
  );

  it('loses a mount of it that somebody added after the injector', () => {
    const pod = applyOperations(podOf(), patched({ pod: podOf() }).operations);
    const changed = structuredClone(pod) as { spec: { containers: Record<string, unknown>[] } };
    const mounts = changed.spec.containers[0]?.['volumeMounts'] as object[];
    mounts.push({ name: 'postern-keys', mountPath: '/x' });
    expect(applyOperations(changed, patched({ pod: changed }).operations)).toEqual(pod);
  });

  it.each([
    [{ labels: { 'postern.dev/injected': 'true' } }, 'postern.dev/injected is written by Postern alone'],
    [{ annotations: { 'postern.dev/status': '{}' } }, 'postern.dev/status is written by Postern alone'],
    [{ annotations: { 'postern.dev/status': '{"uid":' } }, 'postern.dev/status is written by Postern alone'],
  ])('is refused where it only says so: %j', (metadata, message) => {
    expect(deniedFor({ pod: podOf({}, metadata) })).toBe(`${message}, and this pod has no sidecar of it`);
  });

  it('gets ours in the place of an imitation', () => {
    const imitation = container('postern', { image: 'evil:1', restartPolicy: 'Always', command: ['sleep'] });
    const pod = podOf(
      { initContainers: [imitation], volumes: [{ name: 'postern-state', hostPath: { path: '/' } }] },
      {
        annotations: {
          'postern.dev/status': forged(UID, {
            before: { '/spec/initContainers': [imitation], '/spec/volumes': [{ name: 'postern-keys' }] },
          }),
        },
      },
    );
    expect(deniedFor({ pod })).toContain('as Postern’s own are');
    const honest = podOf(
      { initContainers: [imitation] },
      { annotations: { 'postern.dev/status': forged(UID) } },
    );
    const after = applyOperations(honest, patched({ pod: honest }).operations);
    expect(JSON.stringify(after)).not.toContain('evil');
  });

  it('cannot have a container of its own taken for one of ours', () => {
    const status = forged(UID, { containers: ['first', 'chat'], volumes: ['data'], variables: [] });
    const pod = podOf(
      { initContainers: [container('first')], volumes: [{ name: 'data', emptyDir: {} }] },
      { annotations: { 'postern.dev/status': status } },
    );
    const after = JSON.stringify(applyOperations(pod, patched({ pod }).operations));
    for (const each of ['"first"', '"chat"', '"data"']) expect(after).toContain(`{"name":${each}`);
  });

  it('does not get away with a sidecar that was changed', () => {
    const pod = applyOperations(podOf(), patched({ pod: podOf() }).operations);
    const changed = structuredClone(pod) as { spec: { initContainers: Record<string, unknown>[] } };
    changed.spec.initContainers[1]!['envFrom'] = [{ configMapRef: { name: 'evil' } }];
    const after = applyOperations(changed, patched({ pod: changed }).operations);
    expect(after).toEqual(pod);
  });
});

describe('a pod that comes again', () => {
  const done = applyOperations(podOf(), patched({ pod: podOf() }).operations);
  const sidecarOf = (pod: Json): Record<string, unknown> =>
    (pod as { spec: { initContainers: Record<string, unknown>[] } }).spec.initContainers[1] ?? {};

  it('may have been written out by the API server and its plugins', () => {
    const pod = structuredClone(done);
    const mounts = sidecarOf(pod)['volumeMounts'] as object[];
    mounts.push({ name: 'kube-api-access-x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' });
    sidecarOf(pod)['resources'] = {
      requests: { cpu: '50m', memory: '134217728' },
      limits: { cpu: '1000m', memory: '256Mi' },
    };
    expect(patched({ pod }).operations).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['command', ['sh']],
    ['volumeMounts', [{ name: 'x', mountPath: '/x' }]],
    ['securityContext', { runAsUser: UID }],
    ['resources', {}],
    ['image', 'evil:1'],
  ])('may not have another %s', (field, value) => {
    const pod = structuredClone(done);
    sidecarOf(pod)[field] = value;
    expect(applyOperations(pod, patched({ pod }).operations)).toEqual(done);
  });
});

describe('who opts out (threats 5 and 6)', () => {
  it.each<[string, object, object]>([
    ['by label', {}, { labels: { 'postern.dev/inject': 'false' } }],
    ['by annotation', {}, { annotations: { 'postern.dev/inject': 'disabled' } }],
    ['by the network of the node', { hostNetwork: true }, {}],
    ['as Windows', { os: { name: 'windows' } }, {}],
    ['as a mirror of a static pod', {}, { annotations: { 'kubernetes.io/config.mirror': 'x' } }],
    ['to a virtual node', { nodeSelector: { type: 'virtual-kubelet' } }, {}],
    ['for a container', {}, { annotations: { 'postern.dev/skip-containers': 'chat' } }],
    ['for networks', {}, { annotations: { 'postern.dev/exclude-outbound-cidrs': '0.0.0.0/0' } }],
    ['for ports', {}, { annotations: { 'postern.dev/exclude-outbound-ports': '443' } }],
  ])('is refused where Postern is required: %s', (_how, spec, metadata) => {
    expect(admit({ pod: podOf(spec, metadata), namespace: REQUIRED }).kind).toBe('deny');
  });

  it('is not the namespace that requires it, by another label', () => {
    const labels = { 'postern.dev/require': 'true', 'postern.dev/inject': 'disabled' };
    expect(deniedFor({ pod: podOf(), namespace: { ...NAMESPACE, labels } })).toContain(
      'its own label may not say no',
    );
  });

  it('cannot leave no port to Postern', () => {
    const namespace = {
      ...NAMESPACE,
      labels: { ...NAMESPACE.labels, 'postern.dev/allow-exclusions': 'true' },
    };
    const pod = podOf({}, { annotations: { 'postern.dev/exclude-outbound-ports': '443,80' } });
    expect(deniedFor({ pod, namespace })).toContain('every port is excluded');
  });

  it('leaves the namespaces of the cluster and of Postern alone, whatever stands there', () => {
    for (const name of ['kube-system', 'kube-public', 'kube-node-lease', 'postern-system']) {
      const verdict = admit({ pod: { odd: true }, namespace: { ...REQUIRED, name } });
      expect(verdict).toEqual({ kind: 'skip', reason: 'system_namespace', warnings: [] });
    }
  });
});

describe('what a namespace requires', () => {
  const confined = { runAsUser: 10_001, allowPrivilegeEscalation: false };
  const asked = (annotations: object = {}, spec: object = {}): Json =>
    podOf({ securityContext: confined, ...spec }, { annotations });
  const withAnnotations = (annotations: Readonly<Record<string, string>>, labels: object = {}) => ({
    ...REQUIRED,
    labels: { ...REQUIRED.labels, ...labels },
    annotations,
  });
  const interception = (mode: string): Record<string, string> => ({ 'postern.dev/interception': mode });

  it.each([
    ['env', 'it would be cooperative (its annotation says env'],
    ['proxy', 'it would be cooperative'],
    ['hosts', 'it would be guarded'],
  ])('is not less by the word of a pod: %s', (mode, why) => {
    expect(deniedFor({ pod: asked(interception(mode)), namespace: REQUIRED })).toContain(
      `requires Postern as enforced, and ${why}`,
    );
    const settings = { injection: { interception: 'env' } };
    expect(admit({ pod: asked(interception(mode)), namespace: REQUIRED, settings }).kind).toBe('patch');
  });

  it('may be more by the word of a pod, and less by its own', () => {
    const guarded = withAnnotations(interception('hosts'));
    expect(patched({ pod: asked(interception('redirect')), namespace: guarded }).status.mode).toBe(
      'redirect',
    );
    expect(patched({ pod: asked(), namespace: guarded }).status.mode).toBe('hosts');
    expect(deniedFor({ pod: asked(interception('env')), namespace: guarded })).toContain('as guarded');
  });

  it('is not less because a container is called as the proxy of a mesh', () => {
    const pod = asked({}, { containers: [container('chat'), container('istio-proxy')] });
    expect(deniedFor({ pod, namespace: REQUIRED })).toContain(
      'it would be guarded (grade guarded, not enforced: istio-proxy redirects connections itself)',
    );
    for (const namespace of [
      withAnnotations({}, { 'istio-injection': 'enabled' }),
      withAnnotations({}, { 'istio.io/rev': 'stable' }),
      withAnnotations({ 'linkerd.io/inject': 'enabled' }),
      withAnnotations(interception('hosts')),
    ])
      expect(patched({ pod, namespace }).status.grade).toBe('guarded');
  });

  it('is not less because the pod keeps the sidecar from its port', () => {
    const sysctls = [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '1024' }];
    const pod = asked({}, { securityContext: { ...confined, sysctls } });
    const namespace = withAnnotations({}, { 'pod-security.kubernetes.io/enforce': 'baseline' });
    expect(deniedFor({ pod, namespace })).toContain('as guarded, and it would be cooperative');
  });

  it('is the keys of its own Secret, and no other', () => {
    const namespace = withAnnotations({ 'postern.dev/credentials-secret': 'llm-keys' });
    const other = { 'postern.dev/credentials-secret': 'dummy' };
    expect(deniedFor({ pod: asked(other), namespace })).toContain('with the keys of Secret llm-keys');
    expect(patched({ pod: asked(), namespace }).status.grade).toBe('bound');
    const env = [{ name: 'K', valueFrom: { secretKeyRef: { name: 'llm-keys', key: 'openai' } } }];
    const holding = asked(other, { containers: [container('chat', { env })] });
    const open = { ...namespace, labels: NAMESPACE.labels };
    expect(patched({ pod: holding, namespace: open }).status.grade).not.toBe('bound');
  });

  it('is a user for every container, which an image cannot choose to be the sidecar’s', () => {
    const pod = podOf({
      initContainers: [container('first')],
      containers: [container('chat', runningAs(7))],
    });
    expect(deniedFor({ pod, namespace: REQUIRED })).toContain(
      'by no securityContext.runAsUser whom they run as: first',
    );
    expect(admit({ pod: podOf(runningAs(7)), namespace: REQUIRED }).kind).toBe('patch');
    expect(admit({ pod }).kind).toBe('patch');
  });

  it.each([
    'api.openai.com',
    'Postern.postern-system.svc',
    'postern.postern-system.svc.cluster.local',
    'postern.postern-system',
  ])('is that nobody is led elsewhere: %s', (name) => {
    const hostAliases = [{ ip: '10.0.0.1', hostnames: ['db.corp', name] }];
    const said = deniedFor({ pod: asked({}, { hostAliases }), namespace: REQUIRED });
    expect(said).toBe(
      `its namespace requires Postern, and its hostAliases lead ${name.toLowerCase()} elsewhere`,
    );
    expect(admit({ pod: asked({}, { hostAliases }) }).kind).toBe('patch');
  });
});

describe('what is no pod', () => {
  it.each([
    [null, 'is no object'],
    [{ spec: [] }, 'has no spec'],
    [{ spec: { containers: 'x' } }, 'has spec.containers that is no list'],
    [{ spec: { initContainers: [{ image: 'x' }] } }, 'has spec.initContainers that is no list'],
    [
      { spec: { initContainers: [{ name: 'x' }], containers: [{ name: 'x' }] } },
      'has two containers called x',
    ],
    [{ metadata: { labels: { a: 1 } }, spec: {} }, 'has metadata.labels that are not all text'],
    [{ metadata: { annotations: [] }, spec: {} }, 'has metadata.annotations that are not all text'],
  ])('is refused: %j', (pod, message) => {
    expect(deniedFor({ pod })).toContain(message);
  });
});

describe('text of a pod', () => {
  it('is no command, no reference and no part of another document where it comes to stand', () => {
    const settings = {
      injection: { sidecar: { upstreams: { a: { provider: 'openai', url: 'https://x.corp/$(HOME)' } } } },
    };
    const pod = podOf({}, { annotations: { 'postern.dev/interception': 'env' } });
    const text = JSON.stringify(patched({ pod, settings }).operations);
    expect(text).toContain('https://x.corp/$$(HOME)');
    const secret = { 'postern.dev/credentials-secret': 'a","uid":0' };
    expect(deniedFor({ pod: podOf({}, { annotations: secret }) })).toContain('the name of a Secret');
    expect(settingsFrom(settings).sidecar.upstreams).toHaveLength(1);
  });
});
