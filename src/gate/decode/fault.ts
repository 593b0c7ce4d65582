// A fault in; one line that says what was not understood and where, without content, out.

/** Why a body was not understood. Free of content: `path` is a JSON pointer of known field names and indexes. */
export interface DecodeFault {
  readonly code: string;
  /** Bytes from the start of the body or of the event's payload. */
  readonly offset?: number;
  readonly path?: string;
}

export function describeFault({ code, offset, path }: DecodeFault): string {
  const place = [
    ...(path === undefined ? [] : [`path ${path === '' ? '/' : path}`]),
    ...(offset === undefined ? [] : [`byte ${offset}`]),
  ];
  return place.length === 0 ? `${code}.` : `${code} at ${place.join(', ')}.`;
}
