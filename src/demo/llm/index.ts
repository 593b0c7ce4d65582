// A model that leaks, obeys anybody and refuses nothing, behind the wire formats of real providers.
export { LEAKED_ACCESS_KEY, LEAKED_API_KEY } from './secrets.ts';
export { startLlm } from './server.ts';
export type { LlmOptions, LlmServer } from './server.ts';
export { eventMessage, header, headersOf, sealMessage } from './eventstream.ts';
