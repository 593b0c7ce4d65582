// Sockets out. Takes a Permitted and nothing else.
export { responseHeaders } from './headers.ts';
export { openUpstreams } from './upstreams.ts';
export type { UpstreamAnswer } from './call.ts';
export type { Upstreams } from './upstreams.ts';
export { isReadableByAll } from './watched-file.ts';
export { readWhole } from './read-whole.ts';
