// A machine outside the cluster, as pods see it: whoever comes to one of its ports is a line on standard output, and is turned away.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

for (const port of [80, 443, 853, 9443])
  createServer((socket) => {
    process.stdout.write(`tcp ${String(port)}\n`);
    socket.on('error', () => undefined).end();
  }).listen(port, '0.0.0.0');
createSocket('udp4')
  .on('message', () => process.stdout.write('udp 443\n'))
  .bind(443, '0.0.0.0');
process.once('SIGTERM', () => process.exit(0));
