// What the controller's account may do on a real API server, and what nobody but it may.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { Installation, SYSTEM } from '../../support/installation.ts';

const ACCOUNT = `system:serviceaccount:${SYSTEM}:postern`;
const AS = [
  `--as=${ACCOUNT}`,
  '--as-group=system:serviceaccounts',
  `--as-group=system:serviceaccounts:${SYSTEM}`,
];
const ANYBODY = ['--as=system:serviceaccount:team:default', '--as-group=system:serviceaccounts'];
const MIB = 1024 * 1024;

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A line a verb and resource, so that one that is added is seen, whatever rule it stands in. */
const linesOf = (rules: readonly Rule[]): string[] =>
  rules
    .flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = [] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.map((verb) =>
            [group, resource, ...resourceNames, verb].filter((each) => each !== '').join(' '),
          ),
        ),
      ),
    )
    .sort();

const named = (verbs: readonly string[], what: string): string[] => verbs.map((verb) => `${what} ${verb}`);
const READ = ['get', 'list', 'watch'];
const WEBHOOKS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

const ANYWHERE = [
  ...named(READ, 'namespaces'),
  ...named(READ, 'pods'),
  ...named([...READ, 'create', 'patch', 'delete'], 'configmaps'),
  'events.k8s.io events create',
  'authentication.k8s.io tokenreviews create',
  'rbac.authorization.k8s.io clusterroles postern-owner get',
  ...WEBHOOKS.flatMap((kind) => named([...READ, 'patch'], `admissionregistration.k8s.io ${kind} postern`)),
].sort();
const AT_HOME = [
  ...ANYWHERE,
  ...named([...READ, 'update', 'delete'], 'secrets postern-webhook-tls'),
  'secrets create',
  ...named(['get', 'update', 'delete'], 'coordination.k8s.io leases postern-controller'),
  'coordination.k8s.io leases create',
].sort();

const configMap = (name: string, more: object = {}, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  ...more,
});

(canStartApiServer && canRender ? describe : describe.skip)('the account of the controller', () => {
  let home: Installation;
  const said = (doing: Promise<string>): Promise<string> =>
    doing.then(
      () => 'allowed',
      (error: unknown) => String(error),
    );
  const create = (object: object, namespace: string, as: readonly string[] = []): Promise<string> =>
    said(home.kubectl(['create', ...as, '-n', namespace], object));
  const patch = (
    name: string,
    namespace: string,
    change: object,
    as: readonly string[] = [],
  ): Promise<string> =>
    said(
      home.api.kubectl(
        'patch',
        'configmap',
        name,
        ...as,
        '-n',
        namespace,
        '--type=merge',
        `-p=${JSON.stringify(change)}`,
      ),
    );
  const remove = (name: string, namespace: string, as: readonly string[] = []): Promise<string> =>
    said(home.api.kubectl('delete', 'configmap', name, ...as, '-n', namespace, '--wait=false'));

  const rightsOf = async (as: readonly string[], namespace: string): Promise<string[]> => {
    const kind = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview' };
    const review = { ...kind, spec: { namespace } };
    const answer = await home.kubectl(['create', ...as, '--validate=false', '-o', 'json'], review);
    const { status } = JSON.parse(answer) as {
      status: { resourceRules: readonly Rule[]; incomplete: boolean };
    };
    expect(status.incomplete).toBe(false);
    return linesOf(status.resourceRules);
  };

  beforeAll(async () => {
    home = await Installation.start([['team']]);
    // What holds now holds without the webhook, which is not there any more.
    await home.stopControllers();
    await home.api.kubectl('delete', 'validatingwebhookconfiguration', 'postern');
  });
  afterAll(() => home[Symbol.asyncDispose]());

  it.each([
    ['team', ANYWHERE],
    ['kube-system', ANYWHERE],
    [SYSTEM, AT_HOME],
  ] as const)(
    'has these rights in %s, beside what any account may, and nothing more',
    async (namespace, lines) => {
      const anybody = new Set(await rightsOf(ANYBODY, namespace));
      const own = await rightsOf(AS, namespace);
      expect(own.filter((line) => !anybody.has(line))).toEqual(lines);
    },
  );

  describe.each(['team', 'kube-system', SYSTEM])('among the ConfigMaps of %s', (namespace) => {
    beforeAll(async () => {
      const data = { large: 'x'.repeat(MIB - 2048) };
      await create(configMap('others', { data }, { labels: { a: 'b' }, annotations: { c: 'd' } }), namespace);
      await create(configMap('gone'), namespace);
    });

    it.each([
      ['data', { data: { large: 'y' } }],
      ['more data', { data: { more: '' } }],
      ['binary data', { binaryData: { b: 'AAAA' } }],
      ['immutability', { immutable: true }],
      ['a label', { metadata: { labels: { 'postern.dev/policy': 'rego' } } }],
      ['a label that was there', { metadata: { labels: { a: null } } }],
      ['another annotation', { metadata: { annotations: { 'postern.dev/enforcement-action': 'off' } } }],
      [
        'an annotation that was there',
        { metadata: { annotations: { c: null, 'postern.dev/policy-status': '' } } },
      ],
      ['a finalizer', { metadata: { finalizers: ['a.example/b'] } }],
    ])('cannot change %s of others', async (_name, change) => {
      expect(await patch('others', namespace, change, AS)).toMatch(/the controller of Postern writes/);
    });

    it('says how the policies of others stand', async () => {
      const status = (text: string | null): object => ({
        metadata: { annotations: { 'postern.dev/policy-status': text } },
      });
      for (const text of ['{}', '{"state":"ok"}', null])
        expect(await patch('others', namespace, status(text), AS)).toBe('allowed');
    });

    it('makes and deletes its own, and no others', async () => {
      for (const name of ['postern-ca', 'postern-policy-status', 'postern-bundle', 'postern-bundle-0123']) {
        expect(await create(configMap(name), namespace, AS)).toBe('allowed');
        expect(await patch(name, namespace, { data: { a: 'b' } }, AS)).toBe('allowed');
        expect(await remove(name, namespace, AS)).toBe('allowed');
      }
      for (const name of ['coredns', 'postern-bundles', 'postern-controller-x'])
        expect(await create(configMap(name), namespace, AS)).toMatch(/the controller of Postern writes/);
      expect(await remove('gone', namespace, AS)).toMatch(/the controller of Postern writes/);
    });
  });

  describe('alone', () => {
    const refused = /controller’s alone/;
    beforeAll(async () => {
      for (const name of ['postern-ca', 'postern-bundle', 'postern-bundle-0123', 'postern-policy-status'])
        await create(configMap(name, { data: { a: 'b' } }), 'team', AS);
    });

    it.each(['postern-ca', 'postern-bundle', 'postern-bundle-0123', 'postern-policy-status'])(
      'writes %s, which others may only delete, and not make anew',
      async (name) => {
        expect(await patch(name, 'team', { data: { a: 'c' } })).toMatch(refused);
        expect(await patch(name, 'team', { immutable: true })).toMatch(refused);
        expect(await patch(name, 'team', { metadata: { labels: { a: 'b' } } })).toMatch(refused);
        expect(await remove(name, 'team')).toBe('allowed');
        expect(await create(configMap(name), 'team')).toMatch(refused);
      },
    );

    it('gives the label of bundles, and names that begin like theirs, made up or not', async () => {
      const label = { labels: { 'postern.dev/bundle': '0123' } };
      expect(await create(configMap('mine', {}, label), 'team')).toMatch(refused);
      const { metadata: _, ...rest } = configMap('') as { metadata: object };
      const made = { ...rest, metadata: { generateName: 'postern-bundle-' } };
      expect(await create(made, 'team')).toMatch(refused);
      expect(await create({ ...rest, metadata: { generateName: 'postern-bundles-' } }, 'team')).toBe(
        'allowed',
      );
      await create(configMap('mine'), 'team');
      expect(await patch('mine', 'team', { metadata: label })).toMatch(refused);
    });

    it('does not keep what is being deleted from being let go', async () => {
      const kept = configMap('postern-bundle-4567', { data: { a: 'b' } }, { finalizers: ['a.example/b'] });
      await create(kept, 'team', AS);
      expect(await remove('postern-bundle-4567', 'team')).toBe('allowed');
      const letGo = { metadata: { finalizers: null } };
      expect(await patch('postern-bundle-4567', 'team', { ...letGo, data: { a: 'c' } })).toMatch(refused);
      expect(await patch('postern-bundle-4567', 'team', letGo)).toBe('allowed');
      expect(await home.api.kubectl('get', 'configmaps', '-n', 'team', '-o', 'name')).not.toContain('4567');
    });
  });
});
