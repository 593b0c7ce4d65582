// The provider of the cluster test: the embedded LLM, with TLS and without, open to the pod's network.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { startLlm } from '../../../src/demo/llm/index.ts';

const key = readFileSync('/etc/tls/tls.key', 'utf8');
const cert = readFileSync('/etc/tls/tls.crt', 'utf8');

// It listens on loopback alone; a Service needs the pod's address.
function open(url: string, port: number): void {
  const inner = Number(new URL(url).port);
  createServer((client) => {
    const server = connect(inner, '127.0.0.1');
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => client.destroy() && server.destroy());
  }).listen(port);
}

open((await startLlm({ tls: { key, cert } })).url, 8443);
// Slow enough to be cut off in the middle.
open((await startLlm({ pauseMs: 25 })).url, 8080);
process.once('SIGTERM', () => process.exit(0));
