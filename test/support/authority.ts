// For tests of the pod's authority: what its key could sign if it fell into other hands, and servers that show it.
import type { X509Certificate as NodeCertificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { connect } from 'node:tls';
import 'reflect-metadata';
import {
  type JsonGeneralName,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Leaf } from '../../src/gate/intercept/authority/index.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A leaf for any name, signed with the key that an authority keeps. */
export async function signRogueLeaf(keyFile: string, name: JsonGeneralName): Promise<Leaf> {
  const [key, root] = PemConverter.decode(await readFile(keyFile, 'utf8'));
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    issuer: new X509Certificate(root!).subject,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: ALGORITHM,
    signingKey: await crypto.subtle.importKey('pkcs8', key!, ALGORITHM, false, ['sign']),
    publicKey: keys.publicKey,
    extensions: [new SubjectAlternativeNameExtension([name], true)],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag) };
}

interface TlsServer extends AsyncDisposable {
  readonly port: number;
}

/** Answers every request with "trusted". */
export async function serveAs({ cert, key }: Leaf): Promise<TlsServer> {
  const server = createServer({ cert, key }, (_request, response) => response.end('trusted'));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Meeting {
  readonly ca: string;
  readonly host: string;
}

/** What a client of Node says to it: the certificate that it trusted, or why it did not. */
export async function meet({ port }: { readonly port: number }, { ca, host }: Meeting): Promise<string> {
  // An address is never a server's name (RFC 6066), and is found by where the connection goes.
  const servername = isIP(host) === 0 && { servername: host };
  const socket = connect({ port, host: '127.0.0.1', ca, ...servername });
  try {
    await once(socket, 'secureConnect');
    const peer = socket.getPeerX509Certificate() as NodeCertificate;
    return `trusted ${peer.subjectAltName ?? ''}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    socket.destroy();
  }
}
