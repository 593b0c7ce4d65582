// Certificates in; a PKCS #12 trust store that Java opens without a password out, byte for byte what keytool writes for them.
import {
  type BaseBlock,
  BmpString,
  Constructed,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set as AsnSet,
} from 'asn1js';

export interface TrustedCertificate {
  /** What Java calls it. Java folds case, and of two with one name keeps the last. */
  readonly alias: string;
  readonly der: Uint8Array;
}

const VERSION = 3;
const DATA = '1.2.840.113549.1.7.1';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
/** Oracle's: without it Java takes a certificate for a part of some chain, not for something to trust. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** No MAC and no encryption: nothing in it is secret, and who can replace the file could replace the password too. */
export function encodeTrustStore(certificates: readonly TrustedCertificate[]): Buffer {
  const bags = new Sequence({ value: certificates.map(bag) });
  const safe = new Sequence({ value: [data(bags)] });
  return Buffer.from(new Sequence({ value: [new Integer({ value: VERSION }), data(safe)] }).toBER());
}

const bag = ({ alias, der }: TrustedCertificate): Sequence =>
  new Sequence({
    value: [
      name(CERTIFICATE_BAG),
      tagged(new Sequence({ value: [name(X509_CERTIFICATE), tagged(octets(der))] })),
      new AsnSet({
        value: [
          attribute(FRIENDLY_NAME, new BmpString({ value: alias })),
          attribute(TRUSTED_KEY_USAGE, name(ANY_EXTENDED_KEY_USAGE)),
        ],
      }),
    ],
  });

const attribute = (id: string, value: BaseBlock): Sequence =>
  new Sequence({ value: [name(id), new AsnSet({ value: [value] })] });

const data = (content: Sequence): Sequence =>
  new Sequence({ value: [name(DATA), tagged(octets(content.toBER()))] });

const name = (value: string): ObjectIdentifier => new ObjectIdentifier({ value });

const octets = (valueHex: Uint8Array | ArrayBuffer): OctetString => new OctetString({ valueHex });

const tagged = (value: BaseBlock): Constructed =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value] });
