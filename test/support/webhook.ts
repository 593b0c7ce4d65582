// Certificates in; a webhook that lets every pod pass, whose every answer needs a handshake of its own, out.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Client } from '../../src/cluster/reflect/index.ts';

export async function startWebhook(): Promise<Server> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { request: asked } = JSON.parse(String(Buffer.concat(pieces))) as { request: { uid: string } };
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
      response.end(
        JSON.stringify({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          response: { uid: asked.uid, allowed: true },
        }),
      );
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

/** As the chart installs it: without a caBundle. */
export async function installWebhook(
  client: Client,
  kind: 'Validating' | 'Mutating',
  { name, port }: { name: string; port: number },
): Promise<void> {
  const answer = await client.ask({
    method: 'PATCH',
    path: `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations/${name}`,
    query: { fieldManager: 'chart', force: true },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: `${kind}WebhookConfiguration`,
      metadata: { name },
      webhooks: ['one', 'two'].map((each) => ({
        name: `${each}.postern.dev`,
        clientConfig: { url: `https://localhost:${String(port)}/` },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        objectSelector: { matchLabels: { webhook: name } },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
      })),
    },
  });
  if (!answer.ok) throw new Error(answer.error.message);
}
