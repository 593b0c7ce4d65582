// The hosts of a pod in; the extension that keeps its authority from speaking for any other name, out (RFC 5280, 4.2.1.10).
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import { Extension } from '@peculiar/x509';
import type { Host } from './host.ts';

/** A kind of name that is not constrained is free: where no host is a DNS name, only one that cannot exist is permitted. */
const NO_DNS_NAME: Host = { kind: 'dns', name: 'invalid' };
const ALL_ADDRESSES = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;
const WHOLE_ADDRESS = { ipv4: 32, ipv6: 128 } as const;

export function constrainTo(hosts: readonly Host[]): Extension {
  const isThere = (kind: Host['kind']): boolean => hosts.some((host) => host.kind === kind);
  const permitted = isThere('dns') ? hosts : [...hosts, NO_DNS_NAME];
  const excluded = (['ipv4', 'ipv6'] as const).filter((kind) => !isThere(kind));
  const constraints = new NameConstraints({
    permittedSubtrees: listSubtrees(permitted.map(toBase)),
    ...(excluded.length > 0 && {
      excludedSubtrees: listSubtrees(excluded.map((kind) => ({ iPAddress: ALL_ADDRESSES[kind] }))),
    }),
  });
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

const listSubtrees = (bases: readonly Partial<GeneralName>[]): GeneralSubtrees =>
  new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base: new GeneralName(base) })));

const toBase = ({ kind, name }: Host): Partial<GeneralName> =>
  kind === 'dns' ? { dNSName: name } : { iPAddress: `${name}/${String(WHOLE_ADDRESS[kind])}` };
