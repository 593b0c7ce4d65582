// The first bytes of plain HTTP in; the host that they ask for out. They are only read: whoever answers reads them again.
import { parseAuthority, type CanonicalHost } from '../../lib/host.ts';

export type PlainHost =
  | { readonly kind: 'host'; readonly host: CanonicalHost }
  /** Too long, or with no host, or with more than one. */
  | { readonly kind: 'unreadable' };

const LINE_END = '\r\n';
const MAX_HEAD = 65_536;
const HOST = /^host:[ \t]*([!-~]+)[ \t]*$/i;
/** Ends a line for some readers, and for others not. */
const BARE = /(^|[^\r])\n|\r[^\n]/;
const UNREADABLE: PlainHost = { kind: 'unreadable' };

/** Null while the head is not there yet. */
export function readPlainHost(bytes: Buffer): PlainHost | null {
  const end = bytes.indexOf(LINE_END + LINE_END);
  const head = bytes.toString('latin1', 0, end === -1 ? bytes.length : end + LINE_END.length);
  if (BARE.test(head) || head.length > MAX_HEAD) return UNREADABLE;
  if (end === -1) return null;
  const lines = head.split(LINE_END).slice(1);
  const named = lines.filter((line) => /^host[ \t]*:/i.test(line));
  const [, text = ''] = HOST.exec(named[0] ?? '') ?? [];
  const authority = named.length === 1 ? parseAuthority(text, 80) : null;
  return authority === null ? UNREADABLE : { kind: 'host', host: authority.host };
}
