// The golden pods, given to the webhook of a controller that runs, and to `postern inject` with the same settings: they come to the same.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyOperations, type Json, type Operation } from '../../../src/cluster/admit/index.ts';
import { CASES, caseOf } from '../../support/admission-cases.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { runCommand } from '../../support/cli.ts';
import { canRender } from '../../support/helm.ts';
import { Installation } from '../../support/installation.ts';
import { until } from '../../support/until.ts';

interface Answer {
  readonly response: { readonly allowed: boolean; readonly patch?: string };
}

/** With the user of the moment left out. */
function settle(pod: Json): unknown {
  const { annotations = {} } = pod['metadata'] as { annotations?: Record<string, string> };
  const { uid } = JSON.parse(annotations['postern.dev/status'] ?? '{}') as { uid?: number };
  return JSON.parse(JSON.stringify(pod).replaceAll(String(uid), '1'));
}

(canStartApiServer && canRender ? describe : describe.skip)('postern inject', () => {
  let home: Installation;
  beforeAll(async () => {
    home = await Installation.start([]);
    for (const name of CASES) {
      const { labels, annotations } = caseOf(name).namespace;
      await home.kubectl(['create'], {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels, annotations },
      });
    }
    // It is told of them in their order.
    await home.api.kubectl('create', 'namespace', 'last');
    await home.api.kubectl('label', 'namespace', 'last', 'postern.dev/inject=enabled');
    const { pod } = caseOf('bare-pod');
    await until('it knows them', async () => (await ask('last', pod)).response.patch !== undefined);
  });
  afterAll(() => home[Symbol.asyncDispose]());

  /** As the API server asks it. */
  async function ask(name: string, pod: Json): Promise<Answer> {
    const body = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        operation: 'CREATE',
        namespace: name,
        object: pod,
        userInfo: { username: 'jane' },
      },
    };
    const asking = request({
      port: home.port,
      path: '/inject',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      rejectUnauthorized: false,
      agent: false,
    });
    asking.end(JSON.stringify(body));
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    const text = (await answer.setEncoding('utf8').toArray()).join('');
    return JSON.parse(text) as Answer;
  }

  async function byWebhook(name: string, pod: Json): Promise<unknown> {
    const { allowed, patch } = (await ask(name, pod)).response;
    if (!allowed) return 'refused';
    if (patch === undefined) return settle(pod);
    return settle(applyOperations(pod, JSON.parse(Buffer.from(patch, 'base64').toString()) as Operation[]));
  }

  async function byHand(name: string, pod: Json): Promise<unknown> {
    const { labels, annotations } = caseOf(name).namespace;
    const [file, namespace] = [join(home.folder, 'pod.json'), join(home.folder, 'namespace.json')];
    await writeFile(file, JSON.stringify(pod));
    await writeFile(
      namespace,
      JSON.stringify({ kind: 'Namespace', metadata: { name, labels, annotations } }),
    );
    const settings = ['--settings', join(home.folder, 'controller.yaml'), '--namespace-file', namespace];
    const { code, stdout } = await runCommand('inject', '-f', file, ...settings, '-o', 'json');
    return code === 1 ? 'refused' : settle(JSON.parse(stdout) as Json);
  }

  it.each(CASES)('does to a pod what the webhook does: %s', async (name) => {
    const { pod: asked } = caseOf(name);
    const pod = { ...asked, metadata: { ...(asked['metadata'] as Json), namespace: name } };
    expect(await byHand(name, pod)).toEqual(await byWebhook(name, pod));
  });
});
