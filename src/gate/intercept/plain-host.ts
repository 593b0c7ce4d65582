// The first bytes of plain HTTP in; the host that they ask for out. They are only read: whoever answers reads them again.
import { parseAuthority, type CanonicalHost } from '../../lib/host.ts';

export type PlainHost =
  | { readonly kind: 'host'; readonly host: CanonicalHost }
  /** Too long, or with no host, or with more than one. */
  | { readonly kind: 'unreadable' };

const MAX_HEAD = 65_536;
const HOST = /^host:[ \t]*([!-~]+)[ \t]*$/i;
const UNREADABLE: PlainHost = { kind: 'unreadable' };

/** Null while the head is not there yet. */
export function readPlainHost(bytes: Buffer): PlainHost | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return bytes.length > MAX_HEAD || bytes.includes('\n\n') ? UNREADABLE : null;
  const lines = bytes.toString('latin1', 0, end).split('\r\n').slice(1);
  const named = lines.filter((line) => /^host[ \t]*:/i.test(line));
  const [, text = ''] = HOST.exec(named[0] ?? '') ?? [];
  const authority = named.length === 1 ? parseAuthority(text, 80) : null;
  return authority === null ? UNREADABLE : { kind: 'host', host: authority.host };
}
