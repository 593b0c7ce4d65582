// Golden pods with their sidecar, shown to a real API server: it admits them, in namespaces of every level, and what it writes out changes nothing.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/cluster/admit/index.ts';
import { caseOf, inject, INJECTED, type Case } from '../../support/admission-cases.ts';
import { admit } from '../../support/admission.ts';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';

/** In a namespace of its own. That pods have a service account is a plugin's work, which this server goes without. */
function settle(name: string): Case {
  const { pod, ...rest } = caseOf(name);
  const { namespace: _elsewhere, ...metadata } = pod['metadata'] as Json;
  const spec = { ...(pod['spec'] as Json), serviceAccountName: 'default' };
  return { ...rest, pod: { ...pod, metadata, spec } };
}

(canStartApiServer ? describe : describe.skip)('an API server', () => {
  let server: ApiServer;
  let folder = '';
  beforeAll(async () => {
    server = await ApiServer.start();
    folder = await mkdtemp(join(tmpdir(), 'postern-pods-'));
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const create = async (object: unknown, ...args: readonly string[]): Promise<Json> => {
    const file = join(folder, 'object.json');
    await writeFile(file, JSON.stringify(object));
    return JSON.parse(await server.kubectl('create', '-f', file, '-o', 'json', ...args)) as Json;
  };

  it('holds namespaces to their level: this would be seen', async () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'level', labels } });
    const redirected = inject(settle('privileged-namespace'));
    await expect(create(redirected, '-n', 'level', '--dry-run=server')).rejects.toThrow(
      /violates PodSecurity.*container "postern-init".*NET_ADMIN/s,
    );
  });

  it.each(INJECTED)('admits the pod with its sidecar, which then needs nothing more: %s', async (name) => {
    const asked = settle(name);
    const { labels, annotations } = asked.namespace;
    await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } });
    const admitted = await create(inject(asked), '-n', name, '--dry-run=server', '--validate=false');
    expect(admit({ ...asked, pod: admitted })).toMatchObject({ kind: 'patch', operations: [] });
  });
});
