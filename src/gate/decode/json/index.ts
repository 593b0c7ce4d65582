// Strict JSON over bytes: parsing with places, and edits by place.
export type { JsonArray, JsonMember, JsonNode, JsonObject, JsonString } from './node.ts';
export { parseJson } from './parse.ts';
export { encodeString, spliceEdits } from './splice.ts';
