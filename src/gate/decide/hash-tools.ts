// The tools of a message and where it goes in; one hash of them all, which tells of any that was added, changed or taken away, out.
import { hash } from 'node:crypto';
import type { Facts } from './facts.ts';

/** In canonical form (RFC 8785), as the hashes of the tools themselves. */
export function hashTools({ tools, route }: Facts): string | undefined {
  if (tools.length === 0) return undefined;
  const set = { server: route.upstream.url.href, tools: tools.map(({ wholeSha256 }) => wholeSha256).sort() };
  return hash('sha256', JSON.stringify(set));
}
