// What a GitOps tool does with the chart: it applies it again and again, and nothing may change, nor anything of the controller's go.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender, type Rendered } from '../../support/helm.ts';
import { Installation } from '../../support/installation.ts';

interface Application {
  readonly spec: {
    readonly ignoreDifferences: ReadonlyArray<{ kind: string; jqPathExpressions: readonly string[] }>;
  };
}

interface Live {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly webhooks?: ReadonlyArray<{ readonly clientConfig: { readonly caBundle?: string } }>;
}

/** Without what every request changes. */
function settled(text: string): Live {
  const { metadata, ...rest } = JSON.parse(text) as Live;
  const { managedFields: _fields, resourceVersion: _version, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

(canStartApiServer && canRender ? describe : describe.skip)(
  'the chart, applied again by a GitOps tool',
  () => {
    let home: Installation;
    beforeAll(async () => {
      home = await Installation.start([['team', 'postern.dev/inject=enabled']]);
    });
    afterAll(() => home[Symbol.asyncDispose]());

    const read = async ({ kind, metadata: { name, namespace } }: Rendered): Promise<Live> => {
      const where = namespace === undefined ? [] : ['-n', namespace];
      return settled(await home.api.kubectl('get', kind, name, ...where, '-o', 'json'));
    };

    it('changes nothing', async () => {
      for (const object of home.objects) {
        const before = await read(object);
        const apply = ['apply', '--server-side', '--dry-run=server', '-o', 'json'];
        const after = settled(await home.kubectl(apply, home.reachable(object)));
        expect(after).toEqual(before);
      }
    });

    it('leaves the controller what is the controller’s, under any field manager', async () => {
      for (const object of home.objects.filter(({ kind }) => kind.endsWith('WebhookConfiguration'))) {
        await home.kubectl(
          ['apply', '--server-side', '--field-manager=tool', '--force-conflicts'],
          home.reachable(object),
        );
        const { webhooks = [] } = await read(object);
        expect(webhooks.every(({ clientConfig }) => (clientConfig.caBundle ?? '') !== '')).toBe(true);
      }
    });

    it('has docs/gitops.md tell Argo CD of the controller’s two fields, and of no other', async () => {
      const page = await readFile(join(import.meta.dirname, '../../../docs/gitops.md'), 'utf8');
      const [, yaml = ''] = /```yaml\n(apiVersion: argoproj[\s\S]+?)```/.exec(page) ?? [];
      const { ignoreDifferences } = (load(yaml) as Application).spec;
      const ignored = new Map(
        ignoreDifferences.map(({ kind, jqPathExpressions }) => [kind, jqPathExpressions]),
      );
      for (const kind of ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'])
        expect(ignored.get(kind)).toEqual(['.webhooks[].clientConfig.caBundle']);
      expect(ignored.get('ConfigMap')).toEqual(['.metadata.annotations["postern.dev/policy-status"]']);
    });
  },
);
