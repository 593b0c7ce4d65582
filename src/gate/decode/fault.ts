// A fault in; one line that says what was not understood and where, without content, out.
import type { DecodeFault } from './codec.ts';

export function describeFault({ code, offset, path }: DecodeFault): string {
  const place = [
    ...(path === undefined ? [] : [`path ${path === '' ? '/' : path}`]),
    ...(offset === undefined ? [] : [`byte ${offset}`]),
  ];
  return place.length === 0 ? `${code}.` : `${code} at ${place.join(', ')}.`;
}
