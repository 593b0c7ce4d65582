import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { createAuthority, issueLeaf, lifeOf } from '../../../../src/cluster/certificates/issue.ts';
import { parseKept, stateOf, trustOf, writeKept } from '../../../../src/cluster/certificates/kept.ts';
import { takeStep } from '../../../../src/cluster/certificates/take-step.ts';
import { TERMS } from '../../../../src/cluster/certificates/rotation.ts';

const NAMES = ['postern.postern-system.svc', 'localhost'];
const now = new Date();
const circumstances = { now, terms: TERMS, names: NAMES };
const NOTHING = parseKept({ metadata: { name: 'none' } });

/** Null, or why the client turned away. */
async function handshake(leaf: { certificate: string; key: string }, ca: string): Promise<string | null> {
  const server = createServer({ cert: leaf.certificate, key: leaf.key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, servername: 'localhost', ca });
  const outcome = await once(socket, 'secureConnect').then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  socket.destroy();
  server.close();
  return outcome;
}

describe('what is issued', () => {
  it('is trusted by whoever trusts its authority, also beside others, and by nobody else', async () => {
    const [one, other] = [await createAuthority(now, 1e9), await createAuthority(now, 1e9)];
    const leaf = await issueLeaf(one, { names: NAMES, now, lifeMs: 1e8 });
    expect(await handshake(leaf, one.certificate)).toBeNull();
    expect(await handshake(leaf, other.certificate + one.certificate)).toBeNull();
    expect(await handshake(leaf, other.certificate)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(new X509Certificate(leaf.certificate).subjectAltName).toBe(
      'DNS:postern.postern-system.svc, DNS:localhost',
    );
    const names = [one, other].map(({ certificate }) => new X509Certificate(certificate).subject);
    expect(new Set(names).size).toBe(2);
  });

  it('never outlives its authority', async () => {
    const authority = await createAuthority(now, 10_000);
    const leaf = await issueLeaf(authority, { names: NAMES, now, lifeMs: TERMS.leafMs });
    expect(lifeOf(leaf.certificate).endsMs).toBe(lifeOf(authority.certificate).endsMs);
  });
});

describe('what is kept', () => {
  it('is the same after it was written and read', async () => {
    let kept = NOTHING;
    for (const step of ['create', 'issue', 'prepare', 'mark', 'promote', 'prepare', 'mark'] as const) {
      kept = await takeStep(kept, step, circumstances);
      const { annotations, ...content } = writeKept(kept);
      const secret = {
        metadata: { name: 's', annotations },
        ...content,
      };
      expect(parseKept(secret)).toEqual(kept);
    }
    expect(trustOf(kept).match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(JSON.stringify(Object.keys(writeKept(kept).data ?? {}).sort())).toBe(
      '["ca.crt","current.crt","current.key","next.crt","next.key","previous.crt","tls.crt","tls.key"]',
    );
  });

  it('counts as not there where it is broken, where key and certificate are not each other’s, and under other names', async () => {
    let kept = await takeStep(NOTHING, 'create', circumstances);
    kept = await takeStep(kept, 'issue', circumstances);
    const { data = {} } = writeKept(kept);
    const read = (changed: Record<string, string>): ReturnType<typeof stateOf> =>
      stateOf(parseKept({ metadata: { name: 's' }, data: { ...data, ...changed } }), NAMES);
    expect(read({}).leaf?.issuer).toBe(read({}).current?.id);
    expect(read({ 'tls.key': data['current.key'] ?? '' }).leaf).toBeNull();
    expect(read({ 'current.crt': 'bm9uZQ==' }).current).toBeNull();
    expect(read({ 'previous.crt': data['tls.crt'] ?? '' }).previous).toBeNull();
    expect(stateOf(kept, [...NAMES, 'other']).leaf).toBeNull();
  });
});
