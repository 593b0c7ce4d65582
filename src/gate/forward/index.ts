// Sockets out. Takes a Permitted and nothing else.
export { responseHeaders } from './headers.ts';
export { openUpstreams } from './upstreams.ts';
export type { UpstreamAnswer, Upstreams } from './upstreams.ts';
export { isReadableByAll } from './watched-file.ts';
export { readAnswer } from './read-answer.ts';
